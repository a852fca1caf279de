using System.Text.Json;
using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Engines.Cpu.Kernels;
using Evolute.Generation;

namespace Evolute.Tests.Engines;

public class T5GoldenTests
{
    private const float Tolerance = 1e-4f;

    public static TheoryData<string> Models => [.. T5Model.Golden];

    [Theory, MemberData(nameof(Models))]
    public void Logits_agree_with_transformers(string name)
    {
        GoldenModel model = new(name);
        using IEngine engine = model.Engine();
        float worst = 0;
        foreach (JsonElement prompt in model.Expected.GetProperty("prompts").EnumerateArray())
        {
            int[] input = T5Model.Ids(prompt);
            worst = Math.Max(worst, Distance(GoldenModel.Floats(prompt.GetProperty("last_logits")), T5Model.Logits(engine, input, [0])[0]));
            if (!prompt.TryGetProperty("all_logits", out JsonElement all)) continue;
            List<float[]> logits = T5Model.Logits(engine, input, T5Model.Ids(prompt, "decoder_input_ids"));
            int row = 0;
            foreach (JsonElement expected in all.EnumerateArray()) worst = Math.Max(worst, Distance(GoldenModel.Floats(expected), logits[row++]));
            Assert.Equal(logits.Count, row);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: the largest difference of a logit is {worst}.");
        Assert.True(worst < Tolerance, $"The largest difference is {worst}.");
    }

    [Theory, MemberData(nameof(Models))]
    public void What_the_encoder_makes_agrees_with_transformers(string name)
    {
        GoldenModel model = new(name);
        using EncoderDecoderWeights weights = new(model.Spec, model.LoadWeights(), PackedType.Float32);
        using ThreadTeam team = new(2);
        weights.Write(null, 0, team);
        foreach (JsonElement prompt in model.Expected.GetProperty("prompts").EnumerateArray())
        {
            int[] input = T5Model.Ids(prompt);
            using EncoderDecoderForward forward = new(model.Spec, CpuKernels.Best, team, weights, 1, 1, 1, input.Length);
            StepBatch batch = new(1);
            batch.Inputs.Add(new(0, input));
            forward.Step(batch);
            float[] norms = GoldenModel.Floats(prompt.GetProperty("encoder_norms"));
            for (int i = 0; i < input.Length; i++)
            {
                float[] made = forward.Encoded(i).ToArray();
                Assert.Equal(1, Math.Sqrt(made.Sum(x => (double)x * x)) / norms[i], Tolerance);
                if (!prompt.TryGetProperty("encoder_output", out JsonElement output)) continue;
                float[] expected = GoldenModel.Floats(output[i]);
                Assert.True(Distance(expected, made) < Tolerance * expected.Max(Math.Abs), $"token {i}");
            }
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void Greedy_tokens_and_their_log_probabilities_agree_with_transformers(string name)
    {
        GoldenModel model = new(name);
        using IEngine engine = model.Engine();
        JsonElement[] prompts = [.. model.Expected.GetProperty("prompts").EnumerateArray()];
        int[][] inputs = [.. prompts.Select(p => T5Model.Ids(p))], greedy = [.. prompts.Select(p => T5Model.Ids(p, "greedy"))];
        Completion[] all = T5Model.Generate(engine, inputs, 2, new() { MaxNewTokens = greedy[0].Length, IgnoreEndTokens = true });
        Completion[] ended = T5Model.Generate(engine, inputs, 3, new() { MaxNewTokens = greedy[0].Length });
        IReadOnlyList<SequenceScore> scores = new SequenceScorer(engine, 3).Score(0, [.. greedy.Select(g => (int[])[0, .. g])], inputs, TestContext.Current.CancellationToken);
        for (int i = 0; i < prompts.Length; i++)
        {
            Assert.Equal(greedy[i], all[i].OutputIds);
            bool stops = prompts[i].GetProperty("first_eos").ValueKind == JsonValueKind.Number;
            int length = stops ? prompts[i].GetProperty("first_eos").GetInt32() + 1 : greedy[i].Length;
            Assert.Equal(greedy[i][..length], ended[i].OutputIds);
            Assert.Equal(stops ? FinishReason.Stop : FinishReason.Length, ended[i].Finish);
            Assert.True(Distance(GoldenModel.Floats(prompts[i].GetProperty("logprobs")), scores[i].LogProbabilities) < Tolerance);
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void Rows_of_a_ragged_batch_have_the_bits_of_single_sequences(string name)
    {
        GoldenModel model = new(name);
        using IEngine engine = model.Engine(threads: 2, sideBySide: false);
        JsonElement expected = model.Expected.GetProperty("batch");
        int[][] inputs = [.. expected.GetProperty("prompts").EnumerateArray().Select(GoldenModel.Ints)];
        uint[][] alone = [.. inputs.Select(input => T5Model.Bits(engine, input, [0]))];
        StepBatch batch = new(inputs.Length);
        engine.Reserve(inputs.Length, 1, inputs.Length, inputs.Max(p => p.Length));
        for (int slot = 0; slot < inputs.Length; slot++)
        {
            batch.Inputs.Add(new(slot, inputs[slot]));
            batch.Add(0, slot, 0, RowOutput.Logits);
        }
        engine.Step(0, batch);
        float[][] logits = [.. expected.GetProperty("last_logits").EnumerateArray().Select(GoldenModel.Floats)];
        int[][] greedy = [.. T5Model.Generate(engine, inputs, inputs.Length, new() { MaxNewTokens = 24, IgnoreEndTokens = true }).Select(c => c.OutputIds)];
        for (int i = 0; i < inputs.Length; i++)
        {
            Assert.True(Distance(logits[i], batch.Logits[i]) < Tolerance);
            Assert.Equal(alone[i], GoldenModel.Bits(batch.Logits[i]));
            Assert.Equal(GoldenModel.Ints(expected.GetProperty("greedy")[i]), greedy[i]);
        }
    }

    private static float Distance(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
    }
}
