using Evolute.Text.Decoding;
using Evolute.Text.Normalization;
using Evolute.Text.Reading;
using Evolute.Text.Splitting;
using Evolute.Text.Subwords;

namespace Evolute.Text;

/// <summary>
/// Text to token ids and back, as a model's tokenizer.json says: added tokens are cut out, the rest is normalized, split and
/// given to the subword model. Safe for any number of threads at once.
/// </summary>
public sealed class Tokenizer
{
    private readonly Vocabulary _vocabulary;
    private readonly HashSet<int> _special;
    private readonly AddedTokenFinder _beforeNormalizing;
    private readonly AddedTokenFinder _afterNormalizing;
    private readonly TokenizerParts _parts;

    internal Tokenizer(Vocabulary vocabulary, IReadOnlyList<AddedToken> added, TokenizerParts parts)
    {
        (_vocabulary, _parts) = (vocabulary, parts);
        _special = [.. added.Where(t => t.Special).Select(t => t.Id)];
        _beforeNormalizing = new AddedTokenFinder(added.Where(t => !t.Normalized).Select(t => (t.Content, t)));
        _afterNormalizing = new AddedTokenFinder(added.Where(t => t.Normalized).Select(t => (Normalize(t.Content), t)));
    }

    /// <summary>Reads tokenizer.json (and tokenizer_config.json, where it is) of a model's folder.</summary>
    /// <exception cref="EvoluteInputException">A file is missing, damaged, or asks for what is not built.</exception>
    public static Tokenizer Load(string modelDirectory) => TokenizerFile.Read(modelDirectory);

    /// <summary>The highest id plus one.</summary>
    public int VocabularySize => _vocabulary.Size;

    /// <summary>The id of a token of the vocabulary or an added one.</summary>
    public int? IdOf(string token) => _vocabulary.IdOf(token);

    /// <summary>The token as the vocabulary writes it (bytes in the byte alphabet), or null where the id is no token.</summary>
    public string? TokenOf(int id) => _vocabulary.TokenOf(id);

    /// <summary>Whether the token is control rather than text.</summary>
    public bool IsSpecial(int id) => _special.Contains(id);

    /// <summary>The ids of a text.</summary>
    /// <param name="text">Any text; half of a surrogate pair counts as U+FFFD.</param>
    /// <param name="addSpecialTokens">Put the special tokens around it that the model wants (beginning or end of text).</param>
    /// <param name="parseSpecial">Read special tokens' text in it as these tokens; without it they are plain text.</param>
    public int[] Encode(string text, bool addSpecialTokens = false, bool parseSpecial = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<int> ids = new(16 + text.Length / 3);
        if (addSpecialTokens) ids.AddRange(_parts.Frame.Before);
        EncodeRaw(WellFormed(text), parseSpecial, ids);
        if (addSpecialTokens) ids.AddRange(_parts.Frame.After);
        return [.. ids];
    }

    /// <summary>The text of tokens. Ids that are no token add nothing; bytes that are no UTF-8 become U+FFFD.</summary>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = false)
    {
        TokenStream stream = NewStream(skipSpecialTokens);
        TextBuffer text = new(ids.Length * 4);
        foreach (int id in ids) stream.Append(id, text);
        stream.Flush(text);
        return text.ToString();
    }

    /// <summary>Starts decoding a sequence whose tokens come one by one.</summary>
    public TokenStream NewStream(bool skipSpecialTokens = false) => new(this, _parts.Decoder.NewJoiner(), skipSpecialTokens);

    private void EncodeRaw(string text, bool parseSpecial, List<int> ids)
    {
        int at = 0;
        while (_beforeNormalizing.Next(text, at, parseSpecial, out int start, out int end) is { } token)
        {
            if (start > at) EncodeNormalized(Normalize(text[at..start]), at == 0, parseSpecial, ids);
            ids.Add(token.Id);
            at = end;
        }
        if (at < text.Length) EncodeNormalized(Normalize(text[at..]), at == 0, parseSpecial, ids);
    }

    private void EncodeNormalized(string text, bool first, bool parseSpecial, List<int> ids)
    {
        int at = 0;
        while (_afterNormalizing.Next(text, at, parseSpecial, out int start, out int end) is { } token)
        {
            if (start > at) EncodePieces(text.AsMemory(at, start - at), first && at == 0, ids);
            ids.Add(token.Id);
            at = end;
        }
        if (at < text.Length) EncodePieces(text.AsMemory(at), first && at == 0, ids);
    }

    private void EncodePieces(ReadOnlyMemory<char> text, bool first, List<int> ids)
    {
        if (_parts.Splitter is null)
        {
            _parts.Model.Encode(text.Span, ids);
            return;
        }
        List<ReadOnlyMemory<char>> pieces = new(text.Length / 4 + 4);
        _parts.Splitter.Split(text, first, pieces);
        foreach (ReadOnlyMemory<char> piece in pieces) _parts.Model.Encode(piece.Span, ids);
    }

    private string Normalize(string text) => _parts.Normalizer?.Apply(text) ?? text;

    private static string WellFormed(string text) =>
        text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0 ? text : string.Concat(text.EnumerateRunes());
}

/// <summary>What a tokenizer is made of.</summary>
internal sealed record TokenizerParts(TextNormalizer? Normalizer, TextSplitter? Splitter, SubwordModel Model, TokenDecoder Decoder, TokenFrame Frame);
