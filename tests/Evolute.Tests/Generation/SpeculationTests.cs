using CsCheck;
using Evolute.Engines;
using Evolute.Generation;
using Evolute.Noise;
using Evolute.Tests.Engines;

namespace Evolute.Tests.Generation;

/// <summary>Drafts change how many passes an answer takes and nothing else.</summary>
public class SpeculationTests
{
    [Fact]
    public void Drafts_good_and_bad_never_change_an_answer() => CheckCases(100);

    [Fact(Explicit = true)]
    public void Drafts_good_and_bad_never_change_an_answer_in_a_thousand_cases() => CheckCases(1_000);

    /// <summary>Each case takes some of what the families, samplers, stops and drafts offer; all together must have seen drafts taken and refused.</summary>
    private static void CheckCases(int count)
    {
        GenerationCounts sum = default;
        Lock adding = new();
        Gen.Int[0, int.MaxValue - 1].Sample(
            seed =>
            {
                SpeculationCase random = new(seed);
                random.Check();
                lock (adding) sum += random.Counts;
            }, iter: count, threads: 2);
        Assert.True(sum.Accepted > 20 * count && sum.Drafted - sum.Accepted > 20 * count, sum.ToString());
    }

    [Fact]
    public void The_same_answer_again_takes_a_fraction_of_the_passes()
    {
        using IEngine engine = ConfiguredModel.Engine(ConfiguredModel.Spec("llama"));
        GenerationSettings settings = new() { MaxNewTokens = 49 };
        Generator generator = new(engine, null, 2, Speculation.On);
        generator.Reserve(3, settings.MaxNewTokens);
        engine.Prepare(0, null, 0);
        int[][] prompts = [[1, 2, 3]];
        Completion first = generator.Run(0, prompts, settings, default, stop: TestContext.Current.CancellationToken)[0];
        generator.TakeCounts();
        Completion second = generator.Run(0, prompts, settings, default, stop: TestContext.Current.CancellationToken)[0];
        Assert.Equal(first.OutputIds, second.OutputIds);
        // One pass for the prompt, which gives a token, and one for each 15 drafts and the token after them.
        Assert.Equal(new GenerationCounts(Steps: 4, Rows: 3 + 3 * 16, Drafted: 45, Accepted: 45), generator.TakeCounts());
        Assert.Equal(default, generator.TakeCounts());
    }

    [Fact]
    public void A_draft_ends_where_the_limit_does()
    {
        using IEngine engine = ConfiguredModel.Engine(ConfiguredModel.Spec("llama"));
        int[][] prompts = [[1, 2, 3]];
        Generator generator = new(engine, null, 1, Speculation.On);
        generator.Reserve(3, 40);
        engine.Prepare(0, null, 0);
        generator.Run(0, prompts, new() { MaxNewTokens = 40 }, default, stop: TestContext.Current.CancellationToken);
        generator.TakeCounts();
        generator.Run(0, prompts, new() { MaxNewTokens = 6 }, default, stop: TestContext.Current.CancellationToken);
        Assert.Equal(new GenerationCounts(Steps: 2, Rows: 3 + 5, Drafted: 4, Accepted: 4), generator.TakeCounts());
    }

    [Fact]
    public void A_refused_draft_costs_rows_and_no_pass()
    {
        using IEngine engine = ConfiguredModel.Engine(ConfiguredModel.Spec("llama"));
        int[][] prompts = [[1, 2, 3]];
        GenerationSettings settings = new() { MaxNewTokens = 20 };
        Generator plain = new(engine, null, 1), generator = new(engine, null, 1, Speculation.On);
        plain.Reserve(3, 20);
        engine.Prepare(0, null, 0);
        int[] right = plain.Run(0, prompts, settings, default, stop: TestContext.Current.CancellationToken)[0].OutputIds;
        // Every token is followed by one that never comes.
        int[] wrong = [.. right.SelectMany(token => (int[])[token, Enumerable.Range(0, 60).First(t => !right.Contains(t))])];
        generator.Drafts.Add(generator.Drafts.Of(prompts[0]), wrong);
        Assert.Equal(right, generator.Run(0, prompts, settings, default, stop: TestContext.Current.CancellationToken)[0].OutputIds);
        GenerationCounts counts = generator.TakeCounts();
        Assert.Equal((20, 0), (counts.Steps, counts.Accepted));
        Assert.True(counts.Drafted > 100);
    }

    [Fact]
    public void Frequencies_that_depend_on_the_length_leave_no_room_for_drafts()
    {
        using IEngine engine = ConfiguredModel.Engine(ConfiguredModel.Spec(
            "llama", ("rope_scaling", """{"rope_type":"dynamic","factor":4.0}"""), ("max_position_embeddings", "24")));
        Generator generator = new(engine, null, 1, Speculation.On);
        Assert.False(generator.CanSpeculate);
        generator.Reserve(3, 20);
        engine.Prepare(0, null, 0);
        for (int i = 0; i < 2; i++) generator.Run(0, [[1, 2, 3]], new() { MaxNewTokens = 20 }, default, stop: TestContext.Current.CancellationToken);
        Assert.Equal(new GenerationCounts(Steps: 40, Rows: 2 * 22, Drafted: 0, Accepted: 0), generator.TakeCounts());
    }

    [Fact]
    public void Members_on_two_seats_draft_from_each_other_and_come_to_the_tokens_of_one_alone()
    {
        GoldenModel model = new("qwen2_tied");
        using IEngine side = model.Engine(threads: 2, sideBySide: true), together = model.Engine(threads: 2, sideBySide: false), one = model.Engine();
        foreach (SamplingSettings sampling in (SamplingSettings[])[SamplingSettings.Greedy, new(0.6f)])
        {
            int[][][] expected = Members(one, Speculation.Off, sampling);
            Assert.Equal(expected, Members(side, Speculation.On, sampling));
            Assert.Equal(expected, Members(together, Speculation.On, sampling));
            Assert.Equal(expected, Members(side, Speculation.Auto, sampling));
        }
    }

    private static int[][][] Members(IEngine engine, Speculation speculation, SamplingSettings sampling)
    {
        int[][] prompts = [.. Enumerable.Range(1, 6).Select(p => Enumerable.Range(0, 3 * p).Select(i => (i * i + 7 * p) % engine.Spec.VocabularySize).ToArray())];
        GenerationSettings settings = new() { MaxNewTokens = 20, Sampling = sampling };
        Generator generator = new(engine, null, 5, speculation);
        generator.Reserve(prompts.Max(p => p.Length), settings.MaxNewTokens);
        var tokens = new int[24][][];
        int next = -1;
        engine.RunSeats(seat =>
        {
            for (int n; (n = Interlocked.Increment(ref next)) < tokens.Length;)
            {
                engine.Prepare(seat, new Perturbation(3, 1, (uint)n), 0.02f);
                TokenDraws draws = new(NoiseKey.Of(3, 1, (uint)n, NoiseDomain.TokenSampling));
                tokens[n] = [.. generator.Run(seat, prompts, settings, draws, stop: TestContext.Current.CancellationToken).Select(c => c.OutputIds)];
            }
        });
        if (speculation == Speculation.On && sampling.IsGreedy) Assert.True(generator.TakeCounts().Accepted > 100);
        return tokens;
    }
}
