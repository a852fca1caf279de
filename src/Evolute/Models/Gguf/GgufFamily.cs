namespace Evolute.Models.Gguf;

/// <summary>What llama.cpp makes of a family: its architecture's name, and how its tensors differ from the checkpoint's.</summary>
/// <param name="Architecture">The value of <c>general.architecture</c>, and the prefix of the parameters.</param>
internal sealed record GgufFamily(string Architecture)
{
    /// <summary>Whether rotary pairs are neighbours in llama.cpp, so that rows of queries and keys change places.</summary>
    public bool InterleavedPairs { get; init; }

    /// <summary>Whether norms multiply by 1 + weight in the checkpoint; in the file they multiply by the weight.</summary>
    public bool UnitOffsetNorms { get; init; }

    /// <summary>Whether attention and feed-forward layers have a norm behind them too.</summary>
    public bool NormsAfter { get; init; }

    /// <summary>Whether the logits always come from the input embedding.</summary>
    public bool AlwaysTied { get; init; }

    /// <summary>Whether layers have sliding windows in llama.cpp.</summary>
    public bool Slides { get; init; }

    /// <summary>The number of layers by which llama.cpp knows the family's largest model; 0 where it makes no difference.</summary>
    public int LayersOfLargest { get; init; }

    /// <summary>The feed-forward layers' function.</summary>
    public Activation Activation { get; init; }

    /// <summary>The family's own parameters.</summary>
    public Action<GgufParameters> Describe { get; init; } = _ => { };

    private static readonly GgufFamily Llama = new("llama") { InterleavedPairs = true, Describe = RopeParameters.DescribeLlama };
    private static readonly GgufFamily Gemma = new("gemma") { UnitOffsetNorms = true, AlwaysTied = true, Activation = Activation.GeluTanh };
    private static readonly GgufFamily Gemma2 = Gemma with { Architecture = "gemma2", NormsAfter = true, Slides = true, LayersOfLargest = 46, Describe = GemmaParameters.DescribeGemma2 };

    private static readonly Dictionary<string, GgufFamily> Families = new(StringComparer.Ordinal)
    {
        ["llama"] = Llama,
        ["mistral"] = Llama,
        ["qwen2"] = new("qwen2"),
        ["qwen3"] = new("qwen3"),
        ["gemma"] = Gemma,
        ["gemma2"] = Gemma2,
        ["gemma3_text"] = Gemma2 with { Architecture = "gemma3", LayersOfLargest = 62, Describe = GemmaParameters.DescribeGemma3 },
        ["phi3"] = new("phi3") { Describe = PhiParameters.Describe },
    };

    /// <summary>The family of a model.</summary>
    /// <exception cref="EvoluteInputException">GGUF files of it are not built.</exception>
    public static GgufFamily Of(ConfigReader config, ModelSpec spec)
    {
        GgufFamily family = Families.GetValueOrDefault(spec.Family)
            ?? throw new EvoluteInputException($"{config.File}: {spec.Family} models are not exported to GGUF; those of {string.Join(", ", Families.Keys)} are. Use --format hf.");
        return !family.AlwaysTied || spec.TiedEmbeddings ? family : throw config.Unsupported("tie_word_embeddings", $"llama.cpp ties the embeddings of {spec.Family} models; use --format hf");
    }
}
