using Evolute.Models;
using Evolute.Text.Decoding;

namespace Evolute.Text.Reading;

/// <summary>Reads the <c>decoder</c> of tokenizer.json.</summary>
internal static class DecoderReader
{
    private const string Known = "ByteLevel";

    public static TokenDecoder Read(ConfigReader root, Vocabulary vocabulary)
    {
        ConfigReader json = root.OptionalObject("decoder") ?? throw root.Bad("decoder", "an object");
        return json.OptionalString("type") switch
        {
            "ByteLevel" => new ByteLevelDecoder(vocabulary),
            _ => throw TokenizerFile.Unknown(json, Known),
        };
    }
}
