using System.Globalization;

namespace Evolute.Models.Gguf;

/// <summary>A model's parameters on their way into a file's metadata.</summary>
/// <param name="Metadata">Where they go.</param>
/// <param name="Family">What llama.cpp makes of the family.</param>
/// <param name="Spec">The model.</param>
/// <param name="Config">Its config.json.</param>
/// <param name="Tensors">Tensors that are made of parameters.</param>
/// <param name="Note">Told in a sentence what llama.cpp does otherwise.</param>
internal sealed record GgufParameters(GgufMetadata Metadata, GgufFamily Family, ModelSpec Spec, ConfigReader Config, List<GgufTensor> Tensors, Action<string> Note)
{
    /// <summary>Adds all of them.</summary>
    /// <exception cref="EvoluteInputException">A parameter has a value that llama.cpp cannot be told.</exception>
    public void Describe()
    {
        Metadata.Add(Key("block_count"), Spec.LayerCount);
        Metadata.Add(Key("context_length"), Spec.MaxPositions);
        Metadata.Add(Key("embedding_length"), Spec.HiddenSize);
        Metadata.Add(Key("feed_forward_length"), Spec.IntermediateSize);
        Metadata.Add(Key("attention.head_count"), Spec.HeadCount);
        Metadata.Add(Key("attention.head_count_kv"), Spec.KeyValueHeadCount);
        Metadata.Add(Key("attention.layer_norm_rms_epsilon"), Spec.NormEpsilon);
        Metadata.Add(Key("attention.key_length"), Spec.HeadSize);
        Metadata.Add(Key("attention.value_length"), Spec.HeadSize);
        Metadata.Add(Key("vocab_size"), Spec.VocabularySize);
        RequireWhatIsBuiltIn();
        RopeParameters.Describe(this);
        Family.Describe(this);
    }

    /// <summary>A key of the architecture.</summary>
    public string Key(string name) => $"{Family.Architecture}.{name}";

    /// <summary>An error about something that no key can tell.</summary>
    public EvoluteInputException Unsupported(string what) => new($"{Config.File}: llama.cpp has no {Family.Architecture} model with {what}; use --format hf.");

    /// <summary>What llama.cpp derives or fixes for an architecture must be what the model has.</summary>
    private void RequireWhatIsBuiltIn()
    {
        if (Spec.Activation != Family.Activation) throw Unsupported($"the activation {Spec.Activation}");
        // It knows the largest Gemmas by their layers, and scales attention by the width of a head of the residual stream there.
        int width = Spec.LayerCount == Family.LayersOfLargest ? Spec.HiddenSize / Spec.HeadCount : Spec.HeadSize;
        if (Math.Abs(Spec.AttentionScale * Math.Sqrt(width) - 1) > 1e-6)
            throw Unsupported(string.Create(CultureInfo.InvariantCulture, $"the attention scale {Spec.AttentionScale}, only with 1/√{width}"));
        if (!Family.Slides && Spec.SlidingWindow > 0 && Spec.SlidingWindow < Spec.MaxPositions)
            Note($"llama.cpp lets {Family.Architecture} models see further back than this one's window of {Spec.SlidingWindow} tokens, so longer texts go on differently there.");
    }
}
