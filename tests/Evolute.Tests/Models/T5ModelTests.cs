using System.Text.Json.Nodes;
using Evolute.Engines.Cpu;
using Evolute.Models;
using Evolute.Tests.Engines;

namespace Evolute.Tests.Models;

/// <summary>T5's configurations and checkpoints, as they are met in the wild.</summary>
public class T5ModelTests
{
    private const string Config = """{ "model_type": "t5", "architectures": ["T5ForConditionalGeneration"], "vocab_size": 50, "d_model": 24, "d_kv": 10, "d_ff": 40, "num_layers": 2, "num_heads": 3 }""";

    [Fact]
    public void What_a_configuration_leaves_out_is_as_in_transformers()
    {
        ModelSpec spec = Spec("""{ "model_type": "t5" }""");
        Assert.Equal((32_128, 512, 64, 2048, 6, 8), (spec.VocabularySize, spec.HiddenSize, spec.HeadSize, spec.IntermediateSize, spec.LayerCount, spec.HeadCount));
        Assert.Equal((1e-6f, Activation.Relu, false, true), (spec.NormEpsilon, spec.Activation, spec.Gated, spec.TiedEmbeddings));
        Assert.Equal([1], spec.EndTokens);
        Assert.Equal(new EncoderDecoderSpec { EncoderLayerCount = 6, RelativeBuckets = 32, RelativeMaxDistance = 128, DecoderStartToken = 0 }, spec.EncoderDecoder);
        Assert.Equal((float)(1 / Math.Sqrt(512)), spec.OutputScale);
    }

    [Theory]
    [InlineData("relu", Activation.Relu, false)]
    [InlineData("gated-gelu", Activation.GeluTanh, true)]
    [InlineData("gated-silu", Activation.Silu, true)]
    [InlineData("gated-relu", Activation.Relu, true)]
    [InlineData("gelu", Activation.Gelu, false)]
    [InlineData("gelu_new", Activation.GeluTanh, false)]
    public void Feed_forward_layers_are_what_feed_forward_proj_says(string text, Activation activation, bool gated)
    {
        ModelSpec spec = Spec(Config, ("feed_forward_proj", text));
        Assert.Equal((activation, gated), (spec.Activation, spec.Gated));
    }

    [Fact]
    public void Keys_that_transformers_derives_win_where_they_are_given()
    {
        ModelSpec spec = Spec(Config, ("feed_forward_proj", "relu"), ("dense_act_fn", "gelu"), ("is_gated_act", true));
        Assert.Equal((Activation.Gelu, true), (spec.Activation, spec.Gated));
        ModelSpec own = Spec(Config, ("tie_word_embeddings", true), ("scale_decoder_outputs", false));
        Assert.Equal((false, 1f), (own.TiedEmbeddings, own.OutputScale));
    }

    [Theory]
    [InlineData("feed_forward_proj", "tanh", "feed_forward_proj = '\"tanh\"' is not supported")]
    [InlineData("feed_forward_proj", "gated-gelu-x", "feed_forward_proj = '\"gated-gelu-x\"' is not supported")]
    [InlineData("feed_forward_proj", "wide-relu", "feed_forward_proj = '\"wide-relu\"' is not supported")]
    [InlineData("dense_act_fn", "mish", "dense_act_fn = '\"mish\"' is not supported")]
    [InlineData("num_heads", 0, "num_heads must be")]
    [InlineData("relative_attention_num_buckets", 3, "relative_attention_num_buckets must be")]
    [InlineData("relative_attention_max_distance", 16, "relative_attention_max_distance must be more than half")]
    [InlineData("decoder_start_token_id", 50, "decoder_start_token_id must be")]
    public void A_configuration_that_cannot_be_run_is_refused_by_name(string key, object value, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<EvoluteInputException>(() => Spec(Config, (key, value))).Message, StringComparison.Ordinal);

    [Fact]
    public void The_generation_config_says_how_an_answer_begins_and_ends()
    {
        using TempFolder temp = new();
        File.WriteAllText(temp["config.json"], Config);
        File.WriteAllText(temp["generation_config.json"], """{ "decoder_start_token_id": 7, "eos_token_id": [3, 4] }""");
        ModelSpec spec = ModelDirectory.Open(temp.Path).Spec;
        Assert.Equal(7, spec.EncoderDecoder!.DecoderStartToken);
        Assert.Equal([3, 4], spec.EndTokens);
    }

    [Fact]
    public void Distances_fall_into_the_published_buckets()
    {
        // Buckets from 8 on begin where 8·√2ⁿ does.
        int[] firsts = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91];
        for (int distance = 0; distance < 300; distance++)
        {
            int expected = Array.FindLastIndex(firsts, first => first <= distance);
            Assert.Equal(expected, RelativeBuckets.Of(-distance, 32, 128, bothSides: true));
            Assert.Equal(distance == 0 ? 0 : 16 + expected, RelativeBuckets.Of(distance, 32, 128, bothSides: true));
            Assert.Equal(0, RelativeBuckets.Of(distance, 32, 128, bothSides: false));
            if (distance <= 16) Assert.Equal(distance, RelativeBuckets.Of(-distance, 32, 128, bothSides: false));
        }
        Assert.Equal((31, 31, 26), (RelativeBuckets.Of(-128, 32, 128, bothSides: false), RelativeBuckets.Of(-113, 32, 128, bothSides: false), RelativeBuckets.Of(-64, 32, 128, bothSides: false)));
    }

    [Fact]
    public void Copies_of_the_embedding_and_what_no_model_uses_may_be_in_a_checkpoint()
    {
        using TempFolder temp = new();
        File.WriteAllText(temp["config.json"], Config);
        ModelDirectory model = ModelDirectory.Open(temp.Path);
        using WeightTable weights = TinyModel.Weights(model.Spec);
        string[] copies = ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"];
        using WeightTable all = new([
            .. ModelTensors.Of(model.Spec), .. copies.Select(c => new TensorSpec(c, [50, 24])),
            new("decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight", [32, 3])]);
        foreach (WeightTensor tensor in all.Tensors) (copies.Contains(tensor.Name) ? weights["shared.weight"] : weights.TryGet(tensor.Name, out WeightTensor? own) ? own : tensor).Span.CopyTo(tensor.Span);
        Assert.Equal(WeightsDigest.Sha256(weights), Loaded(all.Tensors));
        Assert.Equal(WeightsDigest.Sha256(weights), Loaded(all.Tensors.Where(t => t.Name is not ("shared.weight" or "lm_head.weight"))));
        all["decoder.embed_tokens.weight"].Span[7] += 1;
        Assert.Contains("'decoder.embed_tokens.weight' differs from the input embedding", Assert.Throws<EvoluteInputException>(() => Loaded(all.Tensors)).Message, StringComparison.Ordinal);

        string Loaded(IEnumerable<WeightTensor> tensors)
        {
            SafetensorsWriter.WriteFile(temp[Checkpoint.SingleFile], [.. tensors.Select(t => new TensorToStore(t, StoredType.F32))]);
            using WeightTable loaded = model.LoadWeights();
            return WeightsDigest.Sha256(loaded);
        }
    }

    [Fact]
    public void Distances_beyond_the_last_bucket_and_inputs_beyond_n_positions_are_taken()
    {
        ModelSpec spec = Spec(Config, ("n_positions", 512));
        using CpuEngine engine = new(spec, TinyModel.Weights(spec), 1);
        int[] input = [.. Enumerable.Range(0, 700).Select(i => i % 50)];
        Assert.All(T5Model.Logits(engine, input, [0, 1, 2])[2], logit => Assert.True(float.IsFinite(logit)));
    }

    private static ModelSpec Spec(string json, params (string Key, object Value)[] keys)
    {
        JsonObject config = JsonNode.Parse(json)!.AsObject();
        foreach ((string key, object value) in keys) config[key] = JsonValue.Create(value);
        using TempFolder temp = new();
        File.WriteAllText(temp["config.json"], config.ToJsonString());
        return ModelDirectory.Open(temp.Path).Spec;
    }
}
