using Evolute.Engines;
using Evolute.Models;

namespace Evolute.Tests.Engines;

/// <summary>Windows, layers without positions and experts, by what they must not depend on.</summary>
public class LayerKindTests
{
    private static readonly (string, string?) OneLayer = ("num_hidden_layers", "1");

    [Theory]
    [InlineData("qwen3", "\"use_sliding_window\": true, \"max_window_layers\": 0, \"sliding_window\": 7")]
    [InlineData("mistral", "\"sliding_window\": 7")]
    [InlineData("phi3", "\"sliding_window\": 7")]
    [InlineData("gemma2", "\"sliding_window\": 7")]
    [InlineData("gemma3_text", "\"sliding_window\": 7")]
    [InlineData("mixtral", "\"sliding_window\": 7")]
    public void A_sliding_layer_sees_its_window_and_no_further(string family, string keys)
    {
        (string, string?)[] extra = [OneLayer, .. keys.Split(", ").Select(k => k.Split(": ")).Select(k => (k[0].Trim('"'), (string?)k[1]))];
        using IEngine engine = ConfiguredModel.Engine(ConfiguredModel.Spec(family, extra));
        int[] ids = Ids(40);
        uint[] whole = GoldenModel.Bits(GoldenModel.Logits(engine, ids)[^1]);
        Assert.Equal(whole, With(ids, 39 - 7));
        Assert.Equal(whole, With(ids, 0));
        Assert.NotEqual(whole, With(ids, 39 - 6));

        uint[] With(int[] ids, int changed)
        {
            int[] other = [.. ids];
            other[changed] = (ids[changed] + 1) % 60;
            return GoldenModel.Bits(GoldenModel.Logits(engine, other)[^1]);
        }
    }

    [Fact]
    public void Smollm3_with_positions_everywhere_is_llama()
    {
        ModelSpec smol = ConfiguredModel.Spec("smollm3", ("no_rope_layers", "[1, 1, 1]"), ("rope_theta", "10000"));
        using IEngine a = ConfiguredModel.Engine(smol), b = ConfiguredModel.Engine(ConfiguredModel.Spec("llama", ("tie_word_embeddings", "true")));
        Assert.Equal(GoldenModel.Bits(GoldenModel.Logits(a, Ids(20))[^1]), GoldenModel.Bits(GoldenModel.Logits(b, Ids(20))[^1]));
    }

    [Fact]
    public void A_layer_without_positions_sees_a_set_of_tokens()
    {
        using IEngine engine = ConfiguredModel.Engine(ConfiguredModel.Spec("smollm3", OneLayer, ("no_rope_layers", "[0]")));
        int[] ids = Ids(20), other = [.. ids[..^1].Reverse(), ids[^1]];
        float[] a = GoldenModel.Logits(engine, ids)[^1], b = GoldenModel.Logits(engine, other)[^1];
        for (int i = 0; i < a.Length; i++) Assert.Equal(a[i], b[i], 1e-5f);
        using IEngine turned = ConfiguredModel.Engine(ConfiguredModel.Spec("smollm3", OneLayer, ("no_rope_layers", "[1]")));
        Assert.Contains(GoldenModel.Logits(turned, ids)[^1].Zip(GoldenModel.Logits(turned, other)[^1]), p => Math.Abs(p.First - p.Second) > 1e-3);
    }

    [Fact]
    public void Shares_that_do_not_sum_to_one_change_the_result_and_all_experts_together_do_not()
    {
        (string, string?)[] experts = [("num_experts", "4"), ("moe_intermediate_size", "16")];
        float[] Logits(int active, bool normed)
        {
            using IEngine engine = ConfiguredModel.Engine(ConfiguredModel.Spec(
                "qwen3_moe", [.. experts, ("num_experts_per_tok", $"{active}"), ("norm_topk_prob", normed ? "true" : "false")]));
            return GoldenModel.Logits(engine, Ids(9))[^1];
        }

        Assert.Contains(Logits(2, true).Zip(Logits(2, false)), p => Math.Abs(p.First - p.Second) > 1e-4);
        Assert.All(Logits(4, true).Zip(Logits(4, false)), p => Assert.Equal(p.First, p.Second, 1e-5f));
    }

    private static int[] Ids(int count) => [.. Enumerable.Range(0, count).Select(i => (i * i + 13 * i + 4) % 60)];
}
