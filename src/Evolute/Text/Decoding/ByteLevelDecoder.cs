using System.Buffers;
using System.Text;

namespace Evolute.Text.Decoding;

/// <summary>Tokens written in the byte alphabet, joined as bytes and read as UTF-8.</summary>
internal sealed class ByteLevelDecoder(Vocabulary vocabulary) : TokenDecoder
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A token's bytes, and its text where they are whole characters.</summary>
    private sealed record Piece(byte[] Bytes, string? Text);

    // Filled on first use; two threads that fill the same entry write equal pieces.
    private readonly Piece?[] _pieces = new Piece?[vocabulary.Size];

    public override TextJoiner NewJoiner() => new Joiner(this);

    private Piece? PieceOf(int id)
    {
        if ((uint)id >= (uint)_pieces.Length) return null;
        if (_pieces[id] is { } known) return known;
        if (vocabulary.TokenOf(id) is not { } token) return null;
        byte[] bytes = BytesOf(token);
        string? text;
        try
        {
            text = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            text = null;
        }
        return _pieces[id] = new Piece(bytes, text);
    }

    /// <summary>A token with a character outside the byte alphabet (an added one) is its own text.</summary>
    private static byte[] BytesOf(string token)
    {
        foreach (char c in token)
            if (ByteAlphabet.ByteOf(c) < 0) return Encoding.UTF8.GetBytes(token);
        return [.. token.Select(c => (byte)ByteAlphabet.ByteOf(c))];
    }

    private sealed class Joiner(ByteLevelDecoder decoder) : TextJoiner
    {
        private readonly byte[] _pending = new byte[4];
        private int _count;

        public override void Append(int id, TextBuffer text)
        {
            if (decoder.PieceOf(id) is not { } piece) return;
            if (_count == 0 && piece.Text is { } whole)
            {
                text.Append(whole);
                return;
            }
            int length = _count + piece.Bytes.Length;
            Span<byte> bytes = length <= 256 ? stackalloc byte[256] : new byte[length];
            _pending.AsSpan(0, _count).CopyTo(bytes);
            piece.Bytes.CopyTo(bytes[_count..]);
            bytes = bytes[..length];
            _count = UnfinishedTail(bytes);
            text.AppendUtf8(bytes[..^_count]);
            bytes[^_count..].CopyTo(_pending);
        }

        public override void Flush(TextBuffer text)
        {
            text.AppendUtf8(_pending.AsSpan(0, _count));
            _count = 0;
        }

        public override void Reset() => _count = 0;

        /// <summary>How many bytes at the end are the beginning of a character that may still become whole.</summary>
        private static int UnfinishedTail(ReadOnlySpan<byte> bytes)
        {
            for (int tail = 1; tail <= 3 && tail <= bytes.Length; tail++)
            {
                if ((bytes[^tail] & 0xC0) == 0x80) continue;
                return Rune.DecodeFromUtf8(bytes[^tail..], out _, out _) == OperationStatus.NeedMoreData ? tail : 0;
            }
            return 0;
        }
    }
}
