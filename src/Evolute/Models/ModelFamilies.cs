using Evolute.Models.Families;

namespace Evolute.Models;

/// <summary>The families that can be run, by <c>model_type</c>.</summary>
internal static class ModelFamilies
{
    /// <summary>All of them, in order of their names.</summary>
    public static readonly IReadOnlyList<ModelFamily> All =
    [
        GemmaFamily.Family, Gemma2Family.Family, Gemma3Family.Family, LlamaFamily.Family, MistralFamily.Family, MixtralFamily.Family,
        Phi3Family.Family, Qwen2Family.Family, Qwen3Family.Family, Qwen3MoeFamily.Family, SmolLm3Family.Family, T5Family.Family,
    ];

    /// <summary>The family that a config.json names.</summary>
    /// <exception cref="EvoluteInputException">It names none, or one that is not supported.</exception>
    public static ModelFamily Of(ConfigReader config)
    {
        string supported = string.Join(", ", All.Select(f => f.ModelType));
        string type = config.OptionalString("model_type")
            ?? throw new EvoluteInputException($"{config.File}: model_type is missing; supported are {supported}.");
        ModelFamily family = All.FirstOrDefault(f => f.ModelType == type)
            ?? throw config.Unsupported("model_type", $"the supported architectures are {supported}");
        if (config.OptionalStrings("architectures") is { Count: > 0 } architectures && !architectures.Contains(family.Architecture))
            throw config.Unsupported("architectures", $"of {type} models only {family.Architecture} is");
        return family;
    }
}
