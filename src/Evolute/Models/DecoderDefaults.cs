namespace Evolute.Models;

/// <summary>What a family's configuration class takes where config.json has no such key.</summary>
/// <param name="Family">The value of <see cref="ModelSpec.Family"/>.</param>
/// <param name="Positions"><c>max_position_embeddings</c>.</param>
internal sealed record DecoderDefaults(string Family, int Positions)
{
    /// <summary><c>num_key_value_heads</c>; null for as many as there are query heads.</summary>
    public int? KeyValueHeads { get; init; }

    /// <summary><c>head_dim</c>; null for hidden_size / num_attention_heads.</summary>
    public int? HeadSize { get; init; }

    /// <summary><c>rms_norm_eps</c>.</summary>
    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary><c>rope_theta</c>.</summary>
    public double Theta { get; init; } = 10_000;

    /// <summary><c>rope_local_base_freq</c> of a family whose sliding layers turn in their own way.</summary>
    public double? SlidingTheta { get; init; }

    /// <summary><c>original_max_position_embeddings</c> beside, not inside, the rotary parameters.</summary>
    public int? OriginalPositions { get; init; }

    /// <summary>Whether the rotary embedding is Phi-3's: it may cover a part of a head, and the only scaling is longrope, once called su or yarn.</summary>
    public bool PhiRope { get; init; }

    /// <summary><c>tie_word_embeddings</c>.</summary>
    public bool Tied { get; init; }

    /// <summary><c>eos_token_id</c>.</summary>
    public int? EndToken { get; init; }

    /// <summary>The activation.</summary>
    public Activation Activation { get; init; }

    /// <summary>The keys that may hold the activation's name, the one that counts first.</summary>
    public IReadOnlyList<string> ActivationKeys { get; init; } = ["hidden_act"];
}
