using System.Text.Json;
using Evolute.Engines;
using Evolute.Generation;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Tests.Engines;

/// <summary>Runs models with an encoder and a decoder.</summary>
internal static class T5Model
{
    /// <summary>Those of the reference material.</summary>
    public static readonly string[] Golden = ["t5", "t5_v1_1"];

    public static ModelDirectory Open(string name) => ModelDirectory.Open(SharedFixtures.Path("fixtures", "golden", name));

    /// <summary>The logits of every row of the decoder, for a member or the masters.</summary>
    public static List<float[]> Logits(IEngine engine, int[] input, int[] decoder, Perturbation? member = null, float sigma = 0)
    {
        engine.Reserve(1, decoder.Length, decoder.Length, input.Length);
        engine.Prepare(0, member, sigma);
        StepBatch batch = new(decoder.Length);
        batch.Inputs.Add(new(0, input));
        for (int i = 0; i < decoder.Length; i++) batch.Add(decoder[i], 0, i, RowOutput.Logits);
        engine.Step(0, batch);
        return batch.Logits;
    }

    /// <summary>The bits of those logits, one row after the other.</summary>
    public static uint[] Bits(IEngine engine, int[] input, int[] decoder, Perturbation? member = null, float sigma = 0) =>
        [.. Logits(engine, input, decoder, member, sigma).SelectMany(GoldenModel.Bits)];

    /// <summary>Continues inputs with the masters on seat 0.</summary>
    public static Completion[] Generate(IEngine engine, int[][] inputs, int batch, GenerationSettings settings)
    {
        Generator generator = new(engine, null, batch);
        generator.Reserve(inputs.Max(p => p.Length), settings.MaxNewTokens);
        engine.Prepare(0, null, 0);
        return generator.Run(0, inputs, settings, new(NoiseKey.Of(3, 0, 0, NoiseDomain.TokenSampling)), stop: TestContext.Current.CancellationToken);
    }

    public static int[] Ids(JsonElement prompt, string key = "ids") => GoldenModel.Ints(prompt.GetProperty(key));
}
