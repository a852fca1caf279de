namespace Evolute.Models;

/// <summary>Reads what the families of the Llama kind have in common from config.json.</summary>
internal static class DecoderConfig
{
    /// <summary>The spec without biases, windows and experts, after refusing fields that would change the result and are not built.</summary>
    public static ModelSpec Read(ConfigReader config, DecoderDefaults defaults)
    {
        RefuseQuantization(config);
        int vocabulary = config.Int("vocab_size", 1, ConfigLimits.Vocabulary);
        int heads = config.Int("num_attention_heads", 1, ConfigLimits.Heads);
        int headSize = HeadSize(config, heads, defaults.HeadSize);
        int positions = config.OptionalInt("max_position_embeddings", 1, ConfigLimits.Positions) ?? defaults.Positions;
        (RopeSpec rope, RopeSpec? slidingRope) = new RopeConfig(config, defaults, headSize, positions).Read();
        return new ModelSpec
        {
            Family = defaults.Family,
            VocabularySize = vocabulary,
            HiddenSize = config.Int("hidden_size", 1, ConfigLimits.Width),
            IntermediateSize = config.Int("intermediate_size", 1, ConfigLimits.Width),
            Layers = LayerSpec.Alike(config.Int("num_hidden_layers", 1, ConfigLimits.Layers)),
            HeadCount = heads,
            KeyValueHeadCount = KeyValueHeads(config, heads, defaults.KeyValueHeads),
            HeadSize = headSize,
            MaxPositions = Window(rope, positions),
            NormEpsilon = (float)(config.OptionalDouble("rms_norm_eps", 1e-12, 1) ?? defaults.NormEpsilon),
            Rope = rope,
            SlidingRope = slidingRope,
            AttentionScale = 1f / MathF.Sqrt(headSize),
            Activation = ReadActivation(config, defaults),
            TiedEmbeddings = config.OptionalBool("tie_word_embeddings") ?? defaults.Tied,
            EndTokens = EndTokens(config, vocabulary, defaults.EndToken),
        };
    }

    /// <summary>A spec with biases where <c>attention_bias</c> asks for them.</summary>
    public static ModelSpec WithAttentionBias(ConfigReader config, ModelSpec spec)
    {
        bool bias = config.OptionalBool("attention_bias") ?? false;
        return spec with { QkvBias = bias, OutputBias = bias };
    }

    // Dynamic scaling is made for sequences longer than max_position_embeddings, up to factor times.
    private static int Window(RopeSpec rope, int positions) =>
        rope.Scaling == RopeScaling.Dynamic ? (int)Math.Min(positions * rope.Factor, ConfigLimits.Positions) : positions;

    private static Activation ReadActivation(ConfigReader config, DecoderDefaults defaults)
    {
        string? key = defaults.ActivationKeys.FirstOrDefault(config.Has);
        if (key is null) return defaults.Activation;
        return config.OptionalString(key) switch
        {
            "silu" or "swish" => Activation.Silu,
            "gelu_pytorch_tanh" or "gelu_new" => Activation.GeluTanh,
            "gelu" => Activation.Gelu,
            _ => throw config.Unsupported(key, "only silu, gelu and gelu_pytorch_tanh are"),
        };
    }

    // A key that is absent and one that is null differ here: the class has a number of its own, and null stands for every head.
    private static int KeyValueHeads(ConfigReader config, int heads, int? byDefault)
    {
        int absent = config.Json.TryGetProperty("num_key_value_heads", out _) ? heads : byDefault ?? heads;
        int count = config.OptionalInt("num_key_value_heads", 1, ConfigLimits.Heads) ?? absent;
        return heads % count == 0 ? count : throw config.Bad("num_key_value_heads", $"a divisor of num_attention_heads ({heads})");
    }

    private static IReadOnlyList<int> EndTokens(ConfigReader config, int vocabulary, int? byDefault) =>
        config.OptionalIntOrList("eos_token_id", 0, vocabulary - 1)
        ?? (byDefault is int token && token < vocabulary && !config.Json.TryGetProperty("eos_token_id", out _) ? [token] : []);

    private static int HeadSize(ConfigReader config, int heads, int? byDefault)
    {
        int hidden = config.Int("hidden_size", 1, ConfigLimits.Width);
        int? given = config.OptionalInt("head_dim", 1, ConfigLimits.HeadSize) ?? byDefault;
        if (given is null && hidden % heads != 0)
            throw config.Bad("hidden_size", $"a multiple of num_attention_heads ({heads}), as head_dim is not given");
        int size = given ?? hidden / heads;
        if (size % 2 != 0 || size > ConfigLimits.HeadSize)
            throw config.Bad(given is null ? "hidden_size" : "head_dim", $"such that a head has an even size up to {ConfigLimits.HeadSize}, which rotary embeddings need");
        return size;
    }

    /// <summary>Refuses weights that are stored in another form than floats.</summary>
    public static void RefuseQuantization(ConfigReader config)
    {
        foreach (string key in (string[])["quantization_config", "compression_config"])
            if (config.Has(key))
                throw config.Unsupported(key, "quantized weights are not read; use the model's float32, bfloat16 or float16 checkpoint");
    }
}
