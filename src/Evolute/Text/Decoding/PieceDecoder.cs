using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace Evolute.Text.Decoding;

/// <summary>How the tokens of a SentencePiece-like vocabulary become text, in this order.</summary>
internal sealed record PieceDecoding
{
    /// <summary>Texts that are replaced in each token.</summary>
    public IReadOnlyList<(string From, string To)> Replacements { get; init; } = [];

    /// <summary>A text that is left out of the first token: the mark of the space that was put before the text.</summary>
    public string? DroppedInFirst { get; init; }

    /// <summary><c>&lt;0xE2&gt;</c> is a byte; bytes in a row are UTF-8.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>How many characters are taken off the beginning, as far as they are <see cref="StripCharacter"/>.</summary>
    public int StripCount { get; init; }

    public char StripCharacter { get; init; } = ' ';
}

/// <summary>Tokens that are text themselves, with marks for spaces and tokens for single bytes.</summary>
internal sealed class PieceDecoder(Vocabulary vocabulary, PieceDecoding steps) : TokenDecoder
{
    // Filled on first use; two threads that fill the same entry write equal texts.
    private readonly string?[] _texts = new string?[vocabulary.Size];

    public override TextJoiner NewJoiner() => new Joiner(this, steps);

    private string? TextOf(int id, bool first)
    {
        if (vocabulary.TokenOf(id) is not { } token) return null;
        if (first && steps.DroppedInFirst is { } dropped) return Rewritten(token.Replace(dropped, "", StringComparison.Ordinal));
        return _texts[id] ??= Rewritten(token);
    }

    private string Rewritten(string token)
    {
        foreach ((string from, string to) in steps.Replacements) token = token.Replace(from, to, StringComparison.Ordinal);
        return token;
    }

    private sealed class Joiner(PieceDecoder decoder, PieceDecoding steps) : TextJoiner
    {
        private readonly List<byte> _bytes = new(256);
        private bool _first = true;
        private int _toStrip = steps.StripCount;

        public override void Append(int id, TextBuffer text)
        {
            if (decoder.TextOf(id, _first) is not { } piece) return;
            _first = false;
            if (steps.ByteFallback && ByteOf(piece) is int value and >= 0)
            {
                _bytes.Add((byte)value);
                return;
            }
            int start = text.Length;
            TakeBytes(text);
            text.Append(piece);
            Strip(text, start);
        }

        public override void Flush(TextBuffer text)
        {
            int start = text.Length;
            TakeBytes(text);
            Strip(text, start);
        }

        public override void Reset()
        {
            _bytes.Clear();
            (_first, _toStrip) = (true, steps.StripCount);
        }

        /// <summary>A run of bytes that is not UTF-8 is one U+FFFD a byte; so it is known only at its end.</summary>
        private void TakeBytes(TextBuffer text)
        {
            ReadOnlySpan<byte> bytes = CollectionsMarshal.AsSpan(_bytes);
            if (Utf8.IsValid(bytes)) text.AppendUtf8(bytes);
            else text.AppendRepeated('\uFFFD', bytes.Length);
            _bytes.Clear();
        }

        private void Strip(TextBuffer text, int start)
        {
            ReadOnlySpan<char> added = text.From(start);
            if (_toStrip == 0 || added.IsEmpty) return;
            int at = 0;
            while (at < added.Length && at < _toStrip && added[at] == steps.StripCharacter) at++;
            _toStrip = at == added.Length ? _toStrip - at : 0;
            text.Remove(start, at);
        }

        private static int ByteOf(string text) =>
            text.Length == 6 && text.StartsWith("<0x", StringComparison.Ordinal) && text[5] == '>'
            && char.IsAsciiHexDigit(text[3]) && char.IsAsciiHexDigit(text[4])
                ? byte.Parse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : -1;
    }
}
