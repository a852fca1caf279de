using Evolute.Models;
using Evolute.Text.Decoding;
using Evolute.Text.Splitting;

namespace Evolute.Text.Reading;

/// <summary>Reads the <c>decoder</c> of tokenizer.json.</summary>
internal static class DecoderReader
{
    private const string Known = "ByteFallback, ByteLevel, Fuse, Metaspace, Replace, Sequence, Strip";
    private const int ReplaceOrder = 0, BytesOrder = 1, FuseOrder = 2, StripOrder = 3;

    public static TokenDecoder Read(ConfigReader root, Vocabulary vocabulary)
    {
        ConfigReader json = root.OptionalObject("decoder") ?? throw root.Bad("decoder", "an object");
        ConfigReader[] steps = json.OptionalString("type") == "Sequence" ? [.. TokenizerFile.Components(json, "decoders")] : [json];
        if (steps is [var only] && only.OptionalString("type") == "ByteLevel") return new ByteLevelDecoder(vocabulary);
        PieceDecoding decoding = new();
        int lastOrder = ReplaceOrder;
        foreach (ConfigReader step in steps)
        {
            int order = Order(step);
            if (order < lastOrder) throw step.Unsupported("type", "decoders come in the order Replace or Metaspace, ByteFallback, Fuse, Strip");
            if (order == StripOrder && lastOrder != FuseOrder) throw step.Unsupported("type", "Strip must come right after Fuse");
            decoding = With(step, decoding);
            lastOrder = order;
        }
        return new PieceDecoder(vocabulary, decoding);
    }

    private static int Order(ConfigReader step) => step.OptionalString("type") switch
    {
        "Replace" or "Metaspace" => ReplaceOrder,
        "ByteFallback" => BytesOrder,
        "Fuse" => FuseOrder,
        "Strip" => StripOrder,
        "ByteLevel" => throw step.Unsupported("type", "ByteLevel must be the only decoder"),
        _ => throw TokenizerFile.Unknown(step, Known),
    };

    private static PieceDecoding With(ConfigReader step, PieceDecoding decoding) => step.OptionalString("type") switch
    {
        "Replace" => decoding with
        {
            Replacements = [.. decoding.Replacements,
                (NormalizerReader.Literal(step), step.OptionalString("content") ?? throw step.Bad("content", "a string"))],
        },
        "Metaspace" => decoding with
        {
            Replacements = [.. decoding.Replacements, (SplitterReader.Replacement(step).ToString(), " ")],
            DroppedInFirst = SplitterReader.Scheme(step) == PrependScheme.Never ? null : SplitterReader.Replacement(step).ToString(),
        },
        "ByteFallback" => decoding with { ByteFallback = true },
        "Strip" => WithStrip(step, decoding),
        _ => decoding,
    };

    private static PieceDecoding WithStrip(ConfigReader step, PieceDecoding decoding)
    {
        if (step.OptionalString("content") is not [var content]) throw step.Bad("content", "one character");
        if (step.OptionalInt("stop", 0, 0) is null) throw step.Bad("stop", "0");
        return decoding with { StripCount = step.Int("start", 0, 1 << 16), StripCharacter = content };
    }
}
