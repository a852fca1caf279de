using System.Text.Json;
using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Generation;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Tests.Engines;

/// <summary>A small model that was really trained, against the tokens that its author's C program prints.</summary>
public class StoriesTests
{
    [Fact]
    public void Two_hundred_greedy_tokens_are_those_of_the_reference()
    {
        string path = SharedFixtures.Path("fixtures", "models", "stories260K");
        JsonElement expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(path, "expected.json"))).RootElement;
        ModelDirectory directory = ModelDirectory.Open(path);
        using IEngine engine = new CpuEngine(directory.Spec, directory.LoadWeights(), 2);
        GenerationSettings settings = new() { MaxNewTokens = 200, IgnoreEndTokens = true };
        int[] prompt = GoldenModel.Ints(expected.GetProperty("prompt_ids"));
        Completion[] completions = PromptBatch.Run(engine, new Generator(engine, null), [prompt], settings, NoiseKey.Of(1, 0, 0, NoiseDomain.TokenSampling), stop: TestContext.Current.CancellationToken);
        Assert.Equal(GoldenModel.Ints(expected.GetProperty("greedy_ids")), completions[0].OutputIds);
    }
}
