using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Generation;
using Evolute.Models;
using Evolute.Noise;
using Evolute.Tests.Engines;
using Evolute.Tests.Models;
using Evolute.Tests.Text;
using Evolute.Text;

namespace Evolute.Tests.Generation;

/// <summary>A random model with a random task for it, all from one seed, run with and without drafts.</summary>
internal sealed class SpeculationCase
{
    private static readonly (string Family, (string, string?)[] Keys)[] Families =
    [
        ("llama", []),
        ("qwen2", [("num_key_value_heads", "4")]),
        ("qwen3", [("num_key_value_heads", "1"), ("use_sliding_window", "true"), ("max_window_layers", "1"), ("sliding_window", "5")]),
        ("mistral", [("sliding_window", "7")]),
        ("gemma2", [("sliding_window", "6"), ("query_pre_attn_scalar", "8")]),
        ("gemma3_text", [("sliding_window", "4")]),
        ("phi3", [("sliding_window", "9")]),
        ("smollm3", [("no_rope_layers", "[1, 0]")]),
        ("mixtral", [("num_local_experts", "4"), ("sliding_window", "8")]),
        ("qwen3_moe", [("num_experts", "5"), ("moe_intermediate_size", "16"), ("num_experts_per_tok", "2")]),
        ("t5", []),
    ];

    /// <summary>T5 is of the reference material, which is there or not.</summary>
    private static readonly Lazy<ModelSpec[]> Specs = new(() => [.. Families.Where(f => f.Family != "t5" || SharedFixtures.Present).Select(f => f.Family == "t5"
        ? ModelDirectory.Open(SharedFixtures.Path("fixtures", "golden", "t5")).Spec
        : ConfiguredModel.Spec(f.Family, [.. f.Keys, ("max_position_embeddings", "96"), ("eos_token_id", "[3, 41]")]))]);

    private static readonly float[] Sigmas = [0, 0.01f, 0.1f, 0.5f];

    private static readonly Lazy<Tokenizer> Texts = new(SmallTokenizer.Load);

    private readonly ModelSpec _spec;
    private readonly int _seed, _batch;
    private readonly int[][] _prompts;
    private readonly float _sigma;
    private readonly TokenDraws _draws;
    private readonly Random _random;
    private GenerationSettings _settings;

    public SpeculationCase(int seed)
    {
        _random = new(seed);
        _seed = seed;
        _spec = Specs.Value[_random.Next(Specs.Value.Length)];
        _batch = _random.Next(1, 9);
        _sigma = Sigmas[_random.Next(Sigmas.Length)];
        _prompts = [.. Enumerable.Range(0, _random.Next(1, 7)).Select(_ => Ids(_random.Next(1, 20)))];
        // Prompts may come twice: then their sequences draft from each other within a run.
        if (_random.Next(3) == 0) _prompts = [.. _prompts, .. _prompts];
        int longest = _prompts.Max(p => p.Length);
        _settings = new()
        {
            // Now and then up to the last position of the window.
            MaxNewTokens = _random.Next(8) == 0 && _spec.EncoderDecoder is null ? 96 - longest : _random.Next(1, 40),
            Sampling = _random.Next(2) == 0 ? SamplingSettings.Greedy : new(_random.NextSingle() + 0.1f, _random.Next(2) * _random.Next(1, 30), _random.Next(2) == 0 ? 1 : 0.7f),
            IgnoreEndTokens = _random.Next(3) == 0,
        };
        _draws = new(NoiseKey.Of((ulong)seed, 0, 0, NoiseDomain.TokenSampling), _random.Next(5));
    }

    /// <summary>What this case has drafted and had accepted.</summary>
    public GenerationCounts Counts { get; private set; }

    /// <summary>Runs the case plainly and with drafts that are right, a sibling's, or wrong from some token on, and compares all that can be seen.</summary>
    public void Check()
    {
        Perturbation member = new((ulong)_seed, 1, 0), sibling = new((ulong)_seed, 1, 1);
        using CpuEngine engine = new(_spec, TinyModel.Weights(_spec, seed: _seed), threads: 1);
        if (_random.Next(2) == 0) _settings = _settings with { StopStrings = Stops(Run(engine, member, Speculation.Off, null).Completions) };
        Seen plain = Run(engine, member, Speculation.Off, null);
        int[][] right = [.. plain.Completions.Select(c => c.OutputIds)], siblings = [.. Run(engine, sibling, Speculation.Off, null).Completions.Select(c => c.OutputIds)];
        foreach (Speculation speculation in (Speculation[])[Speculation.On, Speculation.Auto])
        {
            AssertSame(plain, Run(engine, member, speculation, null));
            AssertSame(plain, Run(engine, member, speculation, right));
            AssertSame(plain, Run(engine, member, speculation, siblings));
            AssertSame(plain, Run(engine, member, speculation, [.. right.Select(Spoilt)]));
        }
    }

    private static void AssertSame(Seen expected, Seen actual)
    {
        Assert.Equal(expected.Completions.Select(c => c.OutputIds), actual.Completions.Select(c => c.OutputIds));
        Assert.Equal(expected.Completions.Select(c => (c.Text, c.Finish)), actual.Completions.Select(c => (c.Text, c.Finish)));
        Assert.Equal(expected.Streamed, actual.Streamed);
    }

    private Seen Run(CpuEngine engine, Perturbation member, Speculation speculation, int[][]? drafts)
    {
        Generator generator = new(engine, Texts.Value, _batch, speculation);
        for (int i = 0; i < drafts?.Length; i++) generator.Drafts.Add(generator.Drafts.Of(_prompts[i]), drafts[i]);
        generator.Reserve(_prompts.Max(p => p.Length), _settings.MaxNewTokens);
        engine.Prepare(0, member, _sigma);
        List<string>[] streamed = [.. _prompts.Select(_ => new List<string>())];
        int[] completed = new int[_prompts.Length];
        Completion[] completions = generator.Run(
            0, _prompts, _settings, _draws, (i, _) => completed[i]++, (i, text) => streamed[i].Add(text), TestContext.Current.CancellationToken);
        Assert.All(completed, times => Assert.Equal(1, times));
        Counts += generator.TakeCounts();
        // Piece by piece: drafts must not make several tokens one piece.
        return new(completions, [.. streamed.Select(pieces => string.Join('|', pieces))]);
    }

    /// <summary>Pieces of what comes out, so that they do stop.</summary>
    private string[] Stops(Completion[] completions)
    {
        string text = completions[_random.Next(completions.Length)].Text;
        int length = Math.Min(text.Length, _random.Next(1, 4));
        return length == 0 ? ["~"] : [text.Substring(_random.Next(text.Length - length + 1), length), "~"];
    }

    /// <summary>An answer with some tokens changed, left out, put in, or an end in the middle.</summary>
    private int[] Spoilt(int[] answer)
    {
        List<int> tokens = [.. answer];
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            int at = _random.Next(tokens.Count);
            switch (_random.Next(4))
            {
                case 0: tokens[at] = _random.Next(_spec.VocabularySize); break;
                case 1: tokens.RemoveAt(at); if (tokens.Count == 0) tokens.Add(3); break;
                case 2: tokens.InsertRange(at, Ids(_random.Next(1, 6))); break;
                default: tokens.Insert(at, 3); break;
            }
        }
        return [.. tokens];
    }

    private int[] Ids(int count) => [.. Enumerable.Range(0, count).Select(_ => _random.Next(_spec.VocabularySize))];

    private sealed record Seen(Completion[] Completions, string[] Streamed);
}
