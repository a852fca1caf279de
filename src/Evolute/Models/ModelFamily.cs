namespace Evolute.Models;

/// <summary>
/// A family of models: how its config.json becomes a <see cref="ModelSpec"/>. <see cref="ModelSpec.EndTokens"/> are those of config.json.
/// </summary>
/// <param name="ModelType"><c>model_type</c> of config.json.</param>
/// <param name="Architecture">The entry of <c>architectures</c> that stands for the language model of the family.</param>
/// <param name="ReadSpec">Maps config.json, or throws <see cref="EvoluteInputException"/>.</param>
internal sealed record ModelFamily(string ModelType, string Architecture, Func<ConfigReader, ModelSpec> ReadSpec);
