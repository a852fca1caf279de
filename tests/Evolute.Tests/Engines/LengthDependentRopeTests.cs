using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Generation;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Tests.Engines;

/// <summary>
/// Rotary frequencies that change as a sequence grows: every result is that of the whole sequence computed at once, however it came.
/// </summary>
public class LengthDependentRopeTests
{
    private const int Original = 24;

    private static readonly (string, string?) Dynamic = ("rope_scaling", """{"rope_type":"dynamic","factor":4.0}""");
    private static readonly (string, string?) LongRope =
        ("rope_scaling", """{"type":"longrope","short_factor":[1,1.1,1.2,1.3],"long_factor":[1.5,2.5,4,8],"original_max_position_embeddings":24}""");

    public static TheoryData<string> Kinds => ["dynamic", "longrope"];

    [Theory, MemberData(nameof(Kinds))]
    public void Tokens_one_by_one_have_the_bits_of_the_whole_sequence(string kind)
    {
        using IEngine engine = ConfiguredModel.Engine(Spec(kind)), fresh = ConfiguredModel.Engine(Spec(kind));
        int[] ids = Ids(Original + 8, 3);
        engine.Reserve(2, ids.Length, 5);
        engine.Prepare(0, null, 0);
        StepBatch batch = new(5);
        for (int i = 0; i < ids.Length; i++)
        {
            batch.Clear();
            batch.Add(ids[i], 1, i, RowOutput.Logits);
            engine.Step(0, batch);
            Assert.Equal(GoldenModel.Bits(GoldenModel.Logits(fresh, ids[..(i + 1)])[^1]), GoldenModel.Bits(batch.Logits[0]));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Generation_in_batches_gives_the_tokens_of_full_recomputation(string kind)
    {
        using IEngine engine = ConfiguredModel.Engine(Spec(kind)), fresh = ConfiguredModel.Engine(Spec(kind));
        int[][] prompts = [Ids(Original - 6, 1), Ids(3, 2), Ids(Original + 5, 4), Ids(Original, 5), Ids(Original - 1, 6)];
        Generator generator = new(engine, null, 3);
        Completion[] completions = PromptBatch.Run(engine, generator, prompts, new GenerationSettings { MaxNewTokens = 12 }, NoiseKey.Of(1, 0, 0, NoiseDomain.TokenSampling), stop: TestContext.Current.CancellationToken);
        for (int i = 0; i < prompts.Length; i++)
        {
            List<int> whole = [.. prompts[i]];
            for (int n = 0; n < 12; n++)
            {
                float[] logits = GoldenModel.Logits(fresh, [.. whole])[^1];
                whole.Add(Array.IndexOf(logits, logits.Max()));
            }
            Assert.Equal(whole[prompts[i].Length..], completions[i].OutputIds);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Scores_do_not_depend_on_how_sequences_fall_into_steps(string kind)
    {
        using IEngine engine = ConfiguredModel.Engine(Spec(kind));
        // 12 sequences of 45 tokens: several lie across the end of a step of 256 rows.
        int[][] sequences = [.. Enumerable.Range(1, 12).Select(i => Ids(45, i))];
        engine.Prepare(0, null, 0);
        IReadOnlyList<SequenceScore> together = new SequenceScorer(engine, 12).Score(0, sequences, TestContext.Current.CancellationToken);
        for (int i = 0; i < sequences.Length; i++)
        {
            SequenceScore alone = new SequenceScorer(engine, 1).Score(0, [sequences[i]], TestContext.Current.CancellationToken)[0];
            Assert.Equal(GoldenModel.Bits(alone.LogProbabilities), GoldenModel.Bits(together[i].LogProbabilities));
            Assert.Equal(GoldenModel.Bits(alone.LastLogits), GoldenModel.Bits(together[i].LastLogits));
        }
    }

    [Fact]
    public void Dynamic_scaling_begins_beyond_the_trained_length()
    {
        using IEngine scaled = ConfiguredModel.Engine(Spec("dynamic")), plain = ConfiguredModel.Engine(ConfiguredModel.Spec("llama"));
        Assert.Equal(4 * Original, scaled.Spec.MaxPositions);
        int[] ids = Ids(Original + 1, 8);
        Assert.Equal(GoldenModel.Bits(GoldenModel.Logits(plain, ids[..^1])[^1]), GoldenModel.Bits(GoldenModel.Logits(scaled, ids[..^1])[^1]));
        Assert.NotEqual(GoldenModel.Bits(GoldenModel.Logits(plain, ids)[^1]), GoldenModel.Bits(GoldenModel.Logits(scaled, ids)[^1]));
    }

    [Fact]
    public void Dynamic_frequencies_are_those_of_the_formula()
    {
        float[] frequencies = new float[4];
        RopeSpec rope = Spec("dynamic").Rope;
        RopeFrequencies.Write(rope, 8, rope.ContextOf(40), frequencies);
        double theta = 10_000 * Math.Pow(4.0 * 40 / Original - 3, 8 / 6.0);
        for (int i = 0; i < 4; i++) Assert.Equal(Math.Pow(theta, -i / 4.0), frequencies[i], 1e-7 * Math.Pow(theta, -i / 4.0));
    }

    private static ModelSpec Spec(string kind) => kind == "dynamic"
        ? ConfiguredModel.Spec("llama", Dynamic, ("max_position_embeddings", "24"))
        : ConfiguredModel.Spec("llama", LongRope);

    private static int[] Ids(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => (i * (2 * seed + 1) + i * i + seed) % 60)];
}
