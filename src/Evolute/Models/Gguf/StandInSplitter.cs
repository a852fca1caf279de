using System.Text;
using System.Text.RegularExpressions;

namespace Evolute.Models.Gguf;

/// <summary>
/// GPT-2's rules of splitting text, which stand in for a tokenizer's own where llama.cpp has no name for those. Tokens that the tokenizer makes of a
/// text by itself and these rules would cut, such as tags, are written as text to be found before anything is split, so that they come out whole there too.
/// </summary>
internal static partial class StandInSplitter
{
    /// <summary>The value of <c>tokenizer.ggml.pre</c>.</summary>
    public const string Name = "gpt-2";

    /// <summary>More of them would make a tokenizer of another kind out of it, and a slow one.</summary>
    private const int MostTokens = 256;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The tokens to find first, with their texts; none where there are too many.</summary>
    /// <param name="tokens">The vocabulary, in the letters that stand for bytes.</param>
    /// <param name="encode">The model's own tokenizer.</param>
    public static IReadOnlyDictionary<int, string> TokensToKeep(IReadOnlyList<string> tokens, Func<string, int[]> encode)
    {
        Dictionary<int, string> kept = [];
        for (int id = 0; id < tokens.Count; id++)
        {
            if (TextOf(tokens[id]) is not { Length: > 1 } text || Word().Match(text).Length == text.Length || !encode(text).SequenceEqual([id])) continue;
            kept.Add(id, text);
            if (kept.Count > MostTokens) return new Dictionary<int, string>();
        }
        return kept;
    }

    /// <summary>The text of a token, or null where its bytes are none.</summary>
    private static string? TextOf(string token)
    {
        byte[] bytes = new byte[token.Length];
        for (int i = 0; i < token.Length; i++)
        {
            if (!Bytes.TryGetValue(token[i], out bytes[i])) return null;
        }
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null; // A part of a character.
        }
    }

    /// <summary>GPT-2's alphabet: printable bytes are themselves, the others follow from U+0100 on.</summary>
    private static readonly Dictionary<char, byte> Bytes = Alphabet();

    private static Dictionary<char, byte> Alphabet()
    {
        Dictionary<char, byte> bytes = [];
        int others = 0;
        for (int b = 0; b < 256; b++) bytes.Add(b is > 32 and < 127 or > 160 and not 173 ? (char)b : (char)(256 + others++), (byte)b);
        return bytes;
    }

    [GeneratedRegex(@"\G(?:'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
