namespace Evolute.Models.Families;

/// <summary>T5, T5 v1.1 and Flan-T5: encoder and decoder with relative positions; the later ones with a gated feed-forward layer and logits of their own.</summary>
internal static class T5Family
{
    /// <summary>
    /// The longest input and the longest answer. Relative positions know no limit (n_positions says what a model was trained with and is never
    /// enforced); this one keeps a slip of the pen from taking all memory.
    /// </summary>
    private const int Positions = 32_768;

    public static readonly ModelFamily Family = new("t5", "T5ForConditionalGeneration", Read);

    private static ModelSpec Read(ConfigReader config)
    {
        DecoderConfig.RefuseQuantization(config);
        int vocabulary = config.OptionalInt("vocab_size", 1, ConfigLimits.Vocabulary) ?? 32_128;
        int hidden = config.OptionalInt("d_model", 1, ConfigLimits.Width) ?? 512;
        int heads = config.OptionalInt("num_heads", 1, ConfigLimits.Heads) ?? 8;
        int layers = config.OptionalInt("num_layers", 1, ConfigLimits.Layers) ?? 6;
        (Activation activation, bool gated) = FeedForward(config);
        // Configurations of transformers 5 always say tied, and tell the models with logits of their own by the scale that those lack.
        bool? scaled = config.OptionalBool("scale_decoder_outputs");
        bool tied = (config.OptionalBool("tie_word_embeddings") ?? true) && scaled != false;
        return new ModelSpec
        {
            Family = "t5",
            VocabularySize = vocabulary,
            HiddenSize = hidden,
            IntermediateSize = config.OptionalInt("d_ff", 1, ConfigLimits.Width) ?? 2048,
            Layers = LayerSpec.Unturned(config.OptionalInt("num_decoder_layers", 1, ConfigLimits.Layers) ?? layers),
            HeadCount = heads,
            KeyValueHeadCount = heads,
            HeadSize = config.OptionalInt("d_kv", 1, ConfigLimits.HeadSize) ?? 64,
            MaxPositions = Math.Max(Positions, config.OptionalInt("n_positions", 1, ConfigLimits.Positions) ?? 0),
            NormEpsilon = (float)(config.OptionalDouble("layer_norm_epsilon", 1e-12, 1) ?? 1e-6),
            Rope = RopeSpec.Unused,
            AttentionScale = 1,
            Activation = activation,
            Gated = gated,
            TiedEmbeddings = tied,
            OutputScale = scaled ?? tied ? (float)(1 / Math.Sqrt(hidden)) : 1,
            EndTokens = config.OptionalIntOrList("eos_token_id", 0, vocabulary - 1) ?? DefaultEndTokens(config, vocabulary),
            EncoderDecoder = new EncoderDecoderSpec
            {
                EncoderLayerCount = layers,
                RelativeBuckets = Buckets(config),
                RelativeMaxDistance = MaxDistance(config),
                DecoderStartToken = StartToken(config, vocabulary),
            },
        };
    }

    /// <summary>The function and whether another matrix gates it: <c>feed_forward_proj</c>, unless what transformers derives from it is given as well.</summary>
    private static (Activation Function, bool Gated) FeedForward(ConfigReader config)
    {
        const string key = "feed_forward_proj";
        string text = config.OptionalString(key) ?? "relu";
        string[] words = text.Split('-');
        if (words.Length > 2 || (words.Length == 2 && words[0] != "gated"))
            throw config.Unsupported(key, "only a function, or gated- and a function, is");
        // "gelu" after "gated-" has always meant the tanh form.
        bool derived = !config.Has("dense_act_fn");
        string function = !derived ? config.OptionalString("dense_act_fn")! : text == "gated-gelu" ? "gelu_new" : words[^1];
        Activation activation = function switch
        {
            "relu" => Activation.Relu,
            "gelu_new" or "gelu_pytorch_tanh" => Activation.GeluTanh,
            "gelu" => Activation.Gelu,
            "silu" or "swish" => Activation.Silu,
            _ => throw config.Unsupported(derived ? key : "dense_act_fn", "of the functions only relu, gelu, gelu_new and silu are"),
        };
        return (activation, config.OptionalBool("is_gated_act") ?? words.Length == 2);
    }

    // The encoder gives half of its buckets to each side, and half of those to single distances.
    private static int Buckets(ConfigReader config) => config.OptionalInt("relative_attention_num_buckets", 4, ConfigLimits.Positions) ?? 32;

    private static int MaxDistance(ConfigReader config)
    {
        const string key = "relative_attention_max_distance";
        int distance = config.OptionalInt(key, 1, int.MaxValue) ?? 128;
        return distance > Buckets(config) / 2 ? distance : throw config.Bad(key, "more than half of relative_attention_num_buckets");
    }

    private static IReadOnlyList<int> DefaultEndTokens(ConfigReader config, int vocabulary) =>
        vocabulary > 1 && !config.Json.TryGetProperty("eos_token_id", out _) ? [1] : [];

    // T5 starts its answers with the padding token.
    private static int StartToken(ConfigReader config, int vocabulary) =>
        config.OptionalInt("decoder_start_token_id", 0, vocabulary - 1) ?? config.OptionalInt("pad_token_id", 0, vocabulary - 1) ?? 0;
}
