using System.Text.Json;
using CsCheck;
using Evolute.Engines;
using Evolute.Generation;
using Evolute.Models;
using Evolute.Noise;
using Evolute.Tests.Engines;

namespace Evolute.Tests.Generation;

public class GeneratorTests
{
    private const int NewTokens = 24;

    public static TheoryData<string> Models => [.. GoldenModel.Decoders];

    [Theory, MemberData(nameof(Models))]
    public void Greedy_tokens_agree_with_transformers_and_stop_at_the_first_end_token(string name)
    {
        GoldenModel model = new(name);
        using IEngine engine = model.Engine();
        JsonElement[] prompts = [.. model.Expected.GetProperty("prompts").EnumerateArray()];
        int[][] ids = [.. prompts.Select(p => GoldenModel.Ints(p.GetProperty("ids")))];
        Completion[] all = Generate(engine, ids, 8, new() { MaxNewTokens = NewTokens, IgnoreEndTokens = true });
        Completion[] ended = Generate(engine, ids, 8, new() { MaxNewTokens = NewTokens });
        for (int i = 0; i < prompts.Length; i++)
        {
            int[] greedy = GoldenModel.Ints(prompts[i].GetProperty("greedy"));
            Assert.Equal(greedy, all[i].OutputIds);
            Assert.Equal(FinishReason.Length, all[i].Finish);
            bool stops = prompts[i].GetProperty("first_eos").ValueKind == JsonValueKind.Number;
            int length = stops ? prompts[i].GetProperty("first_eos").GetInt32() + 1 : greedy.Length;
            Assert.Equal(greedy[..length], ended[i].OutputIds);
            Assert.Equal(stops ? FinishReason.Stop : FinishReason.Length, ended[i].Finish);
        }
    }

    [Fact]
    public void Batch_size_order_threads_and_seats_never_change_a_token()
    {
        GoldenModel model = new("qwen2_tied");
        using IEngine one = model.Engine(), side = model.Engine(threads: 2, sideBySide: true), together = model.Engine(threads: 2, sideBySide: false);
        int vocabulary = one.Spec.VocabularySize;
        // The longest prompt does not fit a step's rows with the others, so it is prefilled in chunks.
        Gen<int[][]> prompts = Gen.Int[0, vocabulary - 1].Array[1, 40].Array[1, 12].Select(p => (int[][])[.. p, [.. Enumerable.Range(0, 200).Select(i => i * 7 % vocabulary)]]);
        Gen.Select(prompts, Gen.Int[1, 16], Gen.Bool, Gen.Int[1, 20]).Sample((ids, batch, greedy, tokens) =>
        {
            GenerationSettings settings = new() { MaxNewTokens = tokens, Sampling = greedy ? SamplingSettings.Greedy : new(1.2f, TopK: 50, TopP: 0.95f) };
            int[][] expected = Tokens(Generate(one, ids, 1, settings));
            Assert.Equal(expected, Tokens(Generate(one, ids, batch, settings)));
            Assert.Equal(expected, Tokens(Generate(side, ids, batch, settings)));
            Assert.Equal(expected, Tokens(Generate(together, ids, batch, settings)));
        }, iter: 12, threads: 1);
    }

    [Fact]
    public void Ten_thousand_member_evaluations_leave_the_base_weights_as_they_were()
    {
        GoldenModel model = new("qwen2_tied");
        using IEngine engine = model.Engine(threads: 2, sideBySide: true);
        string before = WeightsDigest.Sha256(engine.Weights);
        int[][] prompts = [[1, 2, 3]];
        Generator generator = new(engine, null, 2);
        generator.Reserve(3, 1);
        int next = -1;
        engine.RunSeats(seat =>
        {
            for (int n; (n = Interlocked.Increment(ref next)) < 10_000;)
            {
                engine.Prepare(seat, new Perturbation(7, 1, (uint)n), 0.5f);
                generator.Run(seat, prompts, new() { MaxNewTokens = 1 }, default, stop: TestContext.Current.CancellationToken);
            }
        });
        Assert.Equal(before, WeightsDigest.Sha256(engine.Weights));
    }

    [Fact]
    public void Members_that_are_evaluated_one_by_one_in_threes_or_all_together_say_the_same()
    {
        GoldenModel model = new("qwen2_tied");
        Perturbation[] members = [.. Enumerable.Range(0, 6).Select(n => new Perturbation(7, 2, (uint)n / 2, n % 2 == 0 ? 1 : -1, NoiseKind.LowRank(2)))];
        int[][] prompts = [[1, 2, 3], [9, 8, 7, 6, 5], [1, 2, 4, 4]];
        foreach (SamplingSettings sampling in (SamplingSettings[])[SamplingSettings.Greedy, new(1.2f, TopK: 50, TopP: 0.95f)])
        {
            GenerationSettings settings = new() { MaxNewTokens = 12, IgnoreEndTokens = true, Sampling = sampling };
            int[][] expected = Answers(1, 1, 1);
            Assert.True(expected.Distinct(EqualityComparer<int[]>.Create((a, b) => a!.SequenceEqual(b!), a => a[0])).Count() > members.Length);
            foreach (int places in (int[])[1, 2, 3, members.Length])
                foreach ((int threads, int batch) in ((int, int)[])[(1, 1), (1, 7), (2, 4)]) Assert.Equal(expected, Answers(places, threads, batch));

            int[][] Answers(int places, int threads, int batch)
            {
                using IEngine engine = model.Engine(threads, sideBySide: false);
                Assert.True(engine.MembersTogether(members[0].Noise) >= members.Length);
                Generator generator = new(engine, null, batch);
                generator.Reserve(prompts.Max(p => p.Length), settings.MaxNewTokens);
                int[][] answers = new int[members.Length * prompts.Length][];
                int next = 0;
                generator.RunMembers(
                    0, places,
                    place =>
                    {
                        if (next == members.Length) return [];
                        engine.Prepare(0, members[next], 0.1f, place, places);
                        TokenDraws draws = new(NoiseKey.Of(3, 2, (uint)next++, NoiseDomain.TokenSampling));
                        return [.. prompts.Select((ids, i) => new MemberPrompt(ids, i, draws))];
                    },
                    settings, (index, completion) => answers[index] = completion.OutputIds, stop: TestContext.Current.CancellationToken);
                return answers;
            }
        }
    }

    [Fact]
    public void Prompts_that_do_not_fit_the_window_are_refused()
    {
        GoldenModel model = new("qwen2_tied");
        using IEngine engine = model.Engine();
        Generator generator = new(engine, null);
        int window = engine.Spec.MaxPositions;
        generator.Reserve(window - 4, 4);
        Assert.Contains("--max-new-tokens", Assert.Throws<EvoluteInputException>(() => generator.Reserve(window - 4, 5)).Message, StringComparison.Ordinal);
        Assert.Contains("shorten the prompt", Assert.Throws<EvoluteInputException>(() => generator.Reserve(window, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<EvoluteInputException>(() => generator.Run(0, [[]], new() { MaxNewTokens = 1 }, default, stop: TestContext.Current.CancellationToken));
    }

    private static Completion[] Generate(IEngine engine, int[][] prompts, int batch, GenerationSettings settings)
    {
        Generator generator = new(engine, null, batch);
        generator.Reserve(prompts.Max(p => p.Length), settings.MaxNewTokens);
        engine.Prepare(0, null, 0);
        return generator.Run(0, prompts, settings, new(NoiseKey.Of(3, 0, 0, NoiseDomain.TokenSampling)), stop: TestContext.Current.CancellationToken);
    }

    private static int[][] Tokens(Completion[] completions) => [.. completions.Select(c => c.OutputIds)];
}
