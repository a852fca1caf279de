namespace Evolute.Models;

/// <summary>Reads what the families of the Llama kind have in common from config.json.</summary>
internal static class DecoderConfig
{
    /// <summary>The spec without biases, after refusing fields that would change the result and are not built.</summary>
    /// <param name="config">The root of config.json.</param>
    /// <param name="family">The value of <see cref="ModelSpec.Family"/>.</param>
    /// <param name="defaultPositions">What the family's configuration class takes where <c>max_position_embeddings</c> is absent.</param>
    public static ModelSpec Read(ConfigReader config, string family, int defaultPositions)
    {
        RefuseQuantization(config);
        if (config.OptionalString("hidden_act") is not (null or "silu" or "swish"))
            throw config.Unsupported("hidden_act", "only silu is");

        int vocabulary = config.Int("vocab_size", 1, ConfigLimits.Vocabulary);
        int heads = config.Int("num_attention_heads", 1, ConfigLimits.Heads);
        return new ModelSpec
        {
            Family = family,
            VocabularySize = vocabulary,
            HiddenSize = config.Int("hidden_size", 1, ConfigLimits.Width),
            IntermediateSize = config.Int("intermediate_size", 1, ConfigLimits.Width),
            LayerCount = config.Int("num_hidden_layers", 1, ConfigLimits.Layers),
            HeadCount = heads,
            KeyValueHeadCount = KeyValueHeads(config, heads),
            HeadSize = HeadSize(config, heads),
            MaxPositions = config.OptionalInt("max_position_embeddings", 1, ConfigLimits.Positions) ?? defaultPositions,
            NormEpsilon = (float)(config.OptionalDouble("rms_norm_eps", 1e-12, 1) ?? 1e-6),
            Rope = RopeConfig.Read(config),
            // The general default of transformers is true, but both families' own configuration classes say false.
            TiedEmbeddings = config.OptionalBool("tie_word_embeddings") ?? false,
            EndTokens = config.OptionalIntOrList("eos_token_id", 0, vocabulary - 1) ?? [],
        };
    }

    /// <summary>Refuses sliding-window attention where a sequence could outgrow the window.</summary>
    /// <param name="config">The root of config.json.</param>
    /// <param name="spec">The spec read so far.</param>
    /// <param name="firstSlidingLayer">The first layer that slides where <c>layer_types</c> does not say, or null if none does.</param>
    public static void RefuseSlidingWindow(ConfigReader config, ModelSpec spec, int? firstSlidingLayer)
    {
        IReadOnlyList<string>? types = config.OptionalStrings("layer_types");
        if (types is not null && types.Count != spec.LayerCount)
            throw config.Bad("layer_types", $"a list of num_hidden_layers ({spec.LayerCount}) entries");
        if (types?.FirstOrDefault(t => t is not ("full_attention" or "sliding_attention")) is string unknown)
            throw config.Unsupported("layer_types", $"{Quoted.Text(unknown)} is not built, only full_attention is");
        bool slides = types?.Contains("sliding_attention") ?? firstSlidingLayer < spec.LayerCount;
        if (!slides || config.OptionalInt("sliding_window", 1, int.MaxValue) >= spec.MaxPositions) return;
        string key = config.Has("sliding_window") ? "sliding_window" : types is not null ? "layer_types" : "use_sliding_window";
        throw config.Unsupported(key, "sliding-window attention is not built; it stays out of use where sliding_window is at least max_position_embeddings");
    }

    private static int KeyValueHeads(ConfigReader config, int heads)
    {
        int count = config.OptionalInt("num_key_value_heads", 1, ConfigLimits.Heads) ?? heads;
        return heads % count == 0 ? count : throw config.Bad("num_key_value_heads", $"a divisor of num_attention_heads ({heads})");
    }

    private static int HeadSize(ConfigReader config, int heads)
    {
        int hidden = config.Int("hidden_size", 1, ConfigLimits.Width);
        int? given = config.OptionalInt("head_dim", 1, ConfigLimits.HeadSize);
        if (given is null && hidden % heads != 0)
            throw config.Bad("hidden_size", $"a multiple of num_attention_heads ({heads}), as head_dim is not given");
        int size = given ?? hidden / heads;
        if (size % 2 != 0 || size > ConfigLimits.HeadSize)
            throw config.Bad(given is null ? "hidden_size" : "head_dim", $"such that a head has an even size up to {ConfigLimits.HeadSize}, which rotary embeddings need");
        return size;
    }

    private static void RefuseQuantization(ConfigReader config)
    {
        foreach (string key in (string[])["quantization_config", "compression_config"])
            if (config.Has(key))
                throw config.Unsupported(key, "quantized weights are not read; use the model's float32, bfloat16 or float16 checkpoint");
    }
}
