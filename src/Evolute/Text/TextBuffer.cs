using System.Text.Unicode;

namespace Evolute.Text;

/// <summary>A text that grows at its end, in memory that it keeps: what tokens add is written, not made.</summary>
internal sealed class TextBuffer(int capacity = 64)
{
    private char[] _chars = GC.AllocateUninitializedArray<char>(capacity);

    public int Length { get; private set; }

    /// <summary>Takes off the end.</summary>
    public void Cut(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length);
        Length = length;
    }

    /// <summary>The text from <paramref name="start"/> on; it stands until the next change.</summary>
    public ReadOnlySpan<char> From(int start) => _chars.AsSpan(start, Length - start);

    public void Append(ReadOnlySpan<char> text) => text.CopyTo(Grow(text.Length));

    public void AppendRepeated(char c, int count) => Grow(count).Fill(c);

    /// <summary>Adds UTF-8, U+FFFD for what is none.</summary>
    public void AppendUtf8(ReadOnlySpan<byte> bytes)
    {
        int start = Length;
        // No byte makes more than one UTF-16 code unit.
        Utf8.ToUtf16(bytes, Grow(bytes.Length), out _, out int written, replaceInvalidSequences: true, isFinalBlock: true);
        Cut(start + written);
    }

    /// <summary>Takes characters out.</summary>
    public void Remove(int start, int count)
    {
        _chars.AsSpan(start + count, Length - start - count).CopyTo(_chars.AsSpan(start));
        Length -= count;
    }

    public override string ToString() => From(0).ToString();

    private Span<char> Grow(int count)
    {
        int start = Length, length = checked(start + count);
        if (length > _chars.Length) Array.Resize(ref _chars, Math.Max(length, 2 * _chars.Length));
        Length = length;
        return _chars.AsSpan(start, count);
    }
}
