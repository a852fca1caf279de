namespace Evolute.Models.Families;

/// <summary>Mistral: all layers slide unless <c>sliding_window</c> is null.</summary>
internal static class MistralFamily
{
    private const int DefaultWindow = 4096;

    public static readonly ModelFamily Family = new("mistral", "MistralForCausalLM", Read);

    private static readonly DecoderDefaults Defaults = new("mistral", 131_072) { KeyValueHeads = 8, EndToken = 2 };

    private static ModelSpec Read(ConfigReader config) =>
        LayerPattern.Uniform(config, DecoderConfig.Read(config, Defaults), LayerPattern.Window(config, DefaultWindow));
}
