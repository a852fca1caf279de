using System.Text.Json;
using Evolute.Cli.Bench;
using Evolute.Engines;
using Evolute.Models;

namespace Evolute.Tests.Bench;

/// <summary>Counting what is not the same in every layer and row, by hand.</summary>
public class StepOperationsTests
{
    [Fact]
    public void Routed_layers_count_the_router_and_the_experts_in_use()
    {
        // H 8, 2 heads and 1 key/value head of 4, 1 layer of 4 experts of width 6, of which 2 are active; V 10.
        StepOperations counter = new(Spec("""
            { "model_type": "mixtral", "hidden_size": 8, "intermediate_size": 6, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1, "vocab_size": 10,
              "num_local_experts": 4, "num_experts_per_tok": 2, "tie_word_embeddings": false }
            """));
        const long attention = 8 * 8 + 8 * 4 + 8 * 4 + 8 * 8, router = 4 * 8, expert = 3 * 8 * 6, head = 10 * 8;
        StepBatch batch = new(8);
        batch.Add(1, slot: 0, position: 3, RowOutput.Token);
        Assert.Equal(
            new OperationCount(2 * (attention + router + 2 * expert + head) + 4 * 4 * 2 * 4, 4 * (attention + router + 2 * expert + head + 2 * 4 * 4), 1, 4 * (attention + router + 2 * expert + head + 2 * 4 * 4)),
            counter.Of(batch));

        // Three rows may use six experts, and there are four; without an output the head is neither computed nor read.
        batch.Clear();
        for (int position = 0; position < 3; position++) batch.Add(1, slot: 0, position);
        const long bytes = 4 * (attention + router + 4 * expert + 2 * 4 * 3);
        Assert.Equal(new OperationCount(2 * 3 * (attention + router + 2 * expert) + 4 * 4 * 2 * (1 + 2 + 3), bytes, 3, bytes), counter.Of(batch));
    }

    [Fact]
    public void Layers_that_slide_see_their_window_only()
    {
        // One layer of two slides: Gemma 2's window of 4, heads of 4.
        StepOperations counter = new(Spec("""
            { "model_type": "gemma2", "hidden_size": 8, "intermediate_size": 6, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 4, "vocab_size": 10,
              "sliding_window": 4, "query_pre_attn_scalar": 4 }
            """));
        const long elements = 2 * (8 * 8 + 8 * 4 + 8 * 4 + 8 * 8 + 3 * 8 * 6);
        StepBatch batch = new(8);
        batch.Add(1, slot: 0, position: 9);
        batch.Add(1, slot: 1, position: 1);
        const long context = 10 + 4 + 2 + 2, bytes = 4 * (elements + 2 * 4 * context);
        Assert.Equal(new OperationCount(2 * 2 * elements + 4 * 4 * 2 * context, bytes, 2, bytes), counter.Of(batch));
    }

    [Fact]
    public void Random_weights_do_not_depend_on_the_number_of_threads()
    {
        ModelSpec spec = BenchModel.OfShape("mini-2.5m").Spec;
        using WeightTable one = RandomWeights.Of(spec, 7, 1), three = RandomWeights.Of(spec, 7, 3), other = RandomWeights.Of(spec, 8, 3);
        Assert.Equal(WeightsDigest.Sha256(one), WeightsDigest.Sha256(three));
        Assert.NotEqual(WeightsDigest.Sha256(one), WeightsDigest.Sha256(other));
    }

    private static ModelSpec Spec(string config)
    {
        ConfigReader reader = new(JsonElement.Parse(config), "config.json");
        return ModelFamilies.Of(reader).ReadSpec(reader);
    }
}
