using System.Text.Json;
using Evolute.Engines;

namespace Evolute.Tests.Engines;

public class GoldenTests
{
    private const float Tolerance = 1e-4f;

    public static TheoryData<string> Models => [.. GoldenModel.Decoders];

    [Theory, MemberData(nameof(Models))]
    public void Last_logits_and_all_logits_agree_with_transformers(string name)
    {
        GoldenModel model = new(name);
        using IEngine engine = model.Engine();
        foreach (JsonElement prompt in model.Expected.GetProperty("prompts").EnumerateArray())
        {
            List<float[]> logits = GoldenModel.Logits(engine, GoldenModel.Ints(prompt.GetProperty("ids")));
            AssertClose(GoldenModel.Floats(prompt.GetProperty("last_logits")), logits[^1]);
            if (!prompt.TryGetProperty("all_logits", out JsonElement all)) continue;
            int row = 0;
            foreach (JsonElement expected in all.EnumerateArray()) AssertClose(GoldenModel.Floats(expected), logits[row++]);
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void Greedy_tokens_and_their_log_probabilities_agree_with_transformers(string name)
    {
        GoldenModel model = new(name);
        using IEngine engine = model.Engine();
        engine.Prepare(0, null, 0);
        foreach (JsonElement prompt in model.Expected.GetProperty("prompts").EnumerateArray())
        {
            int[] ids = GoldenModel.Ints(prompt.GetProperty("ids")), greedy = GoldenModel.Ints(prompt.GetProperty("greedy"));
            float[] logProbabilities = GoldenModel.Floats(prompt.GetProperty("logprobs"));
            engine.Reserve(1, ids.Length + greedy.Length, ids.Length);
            StepBatch batch = new(ids.Length);
            for (int i = 0; i < ids.Length; i++) batch.Add(ids[i], 0, i, i == ids.Length - 1 ? RowOutput.Token : RowOutput.None);
            engine.Step(0, batch);
            List<int> tokens = [batch.Results[ids.Length - 1]];
            while (tokens.Count < greedy.Length)
            {
                batch.Clear();
                batch.Add(tokens[^1], 0, ids.Length + tokens.Count - 1, RowOutput.Token);
                engine.Step(0, batch);
                tokens.Add(batch.Results[0]);
            }
            Assert.Equal(greedy, tokens);

            int[] whole = [.. ids, .. greedy];
            engine.Reserve(1, whole.Length, whole.Length);
            StepBatch score = new(whole.Length);
            for (int i = 0; i + 1 < whole.Length; i++) score.Add(whole[i], 0, i, RowOutput.LogProbability, whole[i + 1]);
            engine.Step(0, score);
            for (int i = 0; i < greedy.Length; i++) Assert.Equal(logProbabilities[i], score.LogProbabilities[ids.Length - 1 + i], Tolerance);
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void Rows_of_a_ragged_batch_have_the_bits_of_single_sequences(string name)
    {
        GoldenModel model = new(name);
        using IEngine engine = model.Engine(threads: 2, sideBySide: false);
        JsonElement expected = model.Expected.GetProperty("batch");
        int[][] prompts = [.. expected.GetProperty("prompts").EnumerateArray().Select(GoldenModel.Ints)];
        float[][] alone = [.. prompts.Select(p => GoldenModel.Logits(engine, p)[^1])];

        engine.Reserve(prompts.Length, prompts.Max(p => p.Length), prompts.Sum(p => p.Length));
        StepBatch batch = new(prompts.Sum(p => p.Length));
        for (int slot = 0; slot < prompts.Length; slot++)
            for (int i = 0; i < prompts[slot].Length; i++)
                batch.Add(prompts[slot][i], slot, i, i == prompts[slot].Length - 1 ? RowOutput.Logits : RowOutput.None);
        engine.Step(0, batch);
        int row = 0;
        foreach (JsonElement logits in expected.GetProperty("last_logits").EnumerateArray())
        {
            AssertClose(GoldenModel.Floats(logits), batch.Logits[row]);
            Assert.Equal(Bits(alone[row]), Bits(batch.Logits[row]));
            row++;
        }
        Assert.Equal(prompts.Length, row);
    }

    public static TheoryData<string, int> ModelsAtWidths =>
        [.. GoldenModel.Decoders.Where(n => !n.Contains("_bf16") && !n.Contains("_v5") && !n.Contains("_sharded")).SelectMany(n => ((int[])[1, 4, 8, 16]).Select(w => (n, w)))];

    [Theory, MemberData(nameof(ModelsAtWidths))]
    public void Every_vector_width_gives_the_same_bits(string name, int lanes)
    {
        GoldenModel model = new(name);
        using IEngine best = model.Engine(), other = model.Engine(threads: 2, lanes, sideBySide: false);
        int[] ids = GoldenModel.Ints(model.Expected.GetProperty("prompts")[3].GetProperty("ids"));
        List<float[]> a = GoldenModel.Logits(best, ids), b = GoldenModel.Logits(other, ids);
        for (int i = 0; i < ids.Length; i++) Assert.Equal(Bits(a[i]), Bits(b[i]));
    }

    [Theory, MemberData(nameof(Models))]
    public void Prefill_in_chunks_has_the_bits_of_prefill_at_once(string name)
    {
        GoldenModel model = new(name);
        using IEngine engine = model.Engine();
        int[] ids = GoldenModel.Ints(model.Expected.GetProperty("prompts").EnumerateArray().Last().GetProperty("ids"));
        float[] atOnce = GoldenModel.Logits(engine, ids)[^1];
        foreach (int chunk in (int[])[1, 3, 7, 16, 39])
        {
            StepBatch batch = new(ids.Length);
            for (int first = 0; first < ids.Length; first += chunk)
            {
                batch.Clear();
                for (int i = first; i < Math.Min(first + chunk, ids.Length); i++) batch.Add(ids[i], 0, i, i == ids.Length - 1 ? RowOutput.Logits : RowOutput.None);
                engine.Step(0, batch);
            }
            Assert.Equal(Bits(atOnce), Bits(batch.Logits[0]));
        }
    }

    private static uint[] Bits(float[] values) => GoldenModel.Bits(values);

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) < Tolerance, $"logit {i}: expected {expected[i]}, got {actual[i]}");
    }
}
