namespace Evolute.Text;

/// <summary>
/// The printable characters that stand for bytes in a byte-level vocabulary: printable Latin-1 for itself, the other 68 bytes
/// from U+0100 on (a space is 'Ġ'), as GPT-2 had it.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Chars = new char[256];
    private static readonly short[] Bytes = new short[256 + 68];

    static ByteAlphabet()
    {
        Array.Fill(Bytes, (short)-1);
        int shifted = 256;
        for (int b = 0; b < 256; b++)
        {
            Chars[b] = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)b : (char)shifted++;
            Bytes[Chars[b]] = (short)b;
        }
    }

    public static char CharOf(byte value) => Chars[value];

    /// <summary>The byte that a character stands for, or -1.</summary>
    public static int ByteOf(char c) => c < Bytes.Length ? Bytes[c] : -1;
}
