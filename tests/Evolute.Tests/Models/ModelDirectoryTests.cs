using Evolute.Models;

namespace Evolute.Tests.Models;

public class ModelDirectoryTests
{
    /// <summary>Every decoder of the reference models that must load, with its number of parameters.</summary>
    public static TheoryData<string, long> Loadable => new()
    {
        { "golden/qwen2_tied", 88_640 },
        { "golden/qwen2_tied_v5", 88_640 },
        { "golden/qwen2_tied_bf16", 88_640 },
        { "golden/qwen2_untied", 80_496 },
        { "golden/llama3_rope", 82_240 },
        { "golden/llama3_rope_v5", 82_240 },
        { "golden/llama3_rope_bf16", 82_240 },
        { "golden/llama_untied", 90_432 },
        { "golden/llama_untied_sharded", 90_432 },
        { "golden/llama_linear", 67_088 },
        { "models/stories260K", 260_032 },
    };

    [Theory]
    [MemberData(nameof(Loadable))]
    public void Reference_models_load(string model, long parameters)
    {
        ModelDirectory directory = ModelDirectory.Open(Fixture(model));
        using WeightTable weights = directory.LoadWeights();
        Assert.Equal(parameters, weights.ParameterCount);
        StoredType stored = model.EndsWith("bf16", StringComparison.Ordinal) ? StoredType.BF16 : StoredType.F32;
        Assert.All(weights.Tensors, t => Assert.Equal(stored, t.StoredType));
        Assert.Equal(stored, directory.DeclaredType);
        Assert.Equal(!directory.Spec.TiedEmbeddings, weights.TryGet(TensorNames.Head, out _));
    }

    [Fact]
    public void Qwen2_maps_to_its_spec()
    {
        ModelSpec spec = ModelDirectory.Open(Fixture("golden/qwen2_tied")).Spec;
        Assert.Equal("qwen2", spec.Family);
        Assert.Equal((320, 64, 112, 2), (spec.VocabularySize, spec.HiddenSize, spec.IntermediateSize, spec.LayerCount));
        Assert.Equal((4, 2, 16, 256), (spec.HeadCount, spec.KeyValueHeadCount, spec.HeadSize, spec.MaxPositions));
        Assert.Equal(1e-6f, spec.NormEpsilon);
        Assert.Equal(new RopeSpec { Theta = 1e6 }, spec.Rope);
        Assert.True(spec.TiedEmbeddings);
        Assert.True(spec.QkvBias);
        Assert.False(spec.OutputBias || spec.MlpBias);
        Assert.Equal([63], spec.EndTokens);
    }

    [Fact]
    public void Untied_qwen2_maps_to_its_spec()
    {
        ModelSpec spec = ModelDirectory.Open(Fixture("golden/qwen2_untied")).Spec;
        Assert.Equal((256, 48, 80, 3), (spec.VocabularySize, spec.HiddenSize, spec.IntermediateSize, spec.LayerCount));
        Assert.Equal((4, 2, 12), (spec.HeadCount, spec.KeyValueHeadCount, spec.HeadSize));
        Assert.Equal(1e-5f, spec.NormEpsilon);
        Assert.Equal(10_000, spec.Rope.Theta);
        Assert.False(spec.TiedEmbeddings);
        Assert.Equal([36], spec.EndTokens);
    }

    [Fact]
    public void Llama_with_llama3_rope_maps_to_its_spec()
    {
        ModelSpec spec = ModelDirectory.Open(Fixture("golden/llama3_rope")).Spec;
        Assert.Equal("llama", spec.Family);
        Assert.Equal((320, 64, 96, 2), (spec.VocabularySize, spec.HiddenSize, spec.IntermediateSize, spec.LayerCount));
        Assert.Equal((4, 2, 16), (spec.HeadCount, spec.KeyValueHeadCount, spec.HeadSize));
        Assert.Equal(
            new RopeSpec { Theta = 500_000, Scaling = RopeScaling.Llama3, Factor = 8, LowFrequencyFactor = 1, HighFrequencyFactor = 4, OriginalMaxPositions = 64 },
            spec.Rope);
        Assert.True(spec.TiedEmbeddings);
        Assert.False(spec.QkvBias || spec.OutputBias || spec.MlpBias);
    }

    [Fact]
    public void Llama_with_biases_and_linear_rope_maps_to_its_spec()
    {
        ModelSpec spec = ModelDirectory.Open(Fixture("golden/llama_linear")).Spec;
        Assert.Equal(new RopeSpec { Theta = 10_000, Scaling = RopeScaling.Linear, Factor = 4 }, spec.Rope);
        Assert.True(spec.QkvBias && spec.OutputBias && spec.MlpBias);
        Assert.Equal((4, 4, 12), (spec.HeadCount, spec.KeyValueHeadCount, spec.HeadSize));
    }

    [Theory]
    [InlineData("golden/qwen2_tied", "golden/qwen2_tied_v5")]
    [InlineData("golden/llama3_rope", "golden/llama3_rope_v5")]
    [InlineData("golden/gemma3", "golden/gemma3_v5")]
    public void Both_styles_of_configuration_give_the_same_model(string four, string five)
    {
        ModelDirectory older = ModelDirectory.Open(Fixture(four)), newer = ModelDirectory.Open(Fixture(five));
        Assert.Equal(older.Spec, newer.Spec with { EndTokens = older.Spec.EndTokens, Layers = older.Spec.Layers });
        Assert.Equal(older.Spec.EndTokens, newer.Spec.EndTokens);
        Assert.Equal(older.Spec.Layers, newer.Spec.Layers);
        Assert.Equal(Sha(older), Sha(newer));
    }

    [Fact]
    public void Families_that_are_not_built_are_refused_by_name()
    {
        using TempFolder temp = new();
        File.WriteAllText(temp["config.json"], """{ "model_type": "gpt2" }""");
        EvoluteInputException error = Assert.Throws<EvoluteInputException>(() => ModelDirectory.Open(temp.Path));
        Assert.Contains("model_type = ", error.Message);
        Assert.Contains("gemma3_text, llama, mistral", error.Message);
    }

    private static string Fixture(string model) => SharedFixtures.Path(["fixtures", .. model.Split('/')]);

    private static string Sha(ModelDirectory directory)
    {
        using WeightTable weights = directory.LoadWeights();
        return WeightsDigest.Sha256(weights);
    }
}
