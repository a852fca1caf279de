using System.Buffers.Binary;
using System.Text;

namespace Evolute.Text.Normalization;

/// <summary>
/// SentencePiece's precompiled character map: a double-array trie (Darts) over UTF-8 whose leaves point at replacements. At each
/// place the longest entry is replaced; what has no entry stays.
/// </summary>
internal sealed class CharacterMap : TextNormalizer
{
    private readonly uint[] _units;
    private readonly byte[] _replacements;

    private CharacterMap(uint[] units, byte[] replacements) => (_units, _replacements) = (units, replacements);

    /// <summary>Reads the map: the trie's size, the trie, the replacements, each ended by a zero. Null where the bytes are no map.</summary>
    public static CharacterMap? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4) return null;
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (size % 4 != 0 || size == 0 || size > bytes.Length - 4) return null;
        uint[] units = new uint[size / 4];
        for (int i = 0; i < units.Length; i++) units[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 + 4 * i)..]);
        return new CharacterMap(units, bytes[(4 + (int)size)..].ToArray());
    }

    public override string Apply(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        MemoryStream mapped = new(bytes.Length);
        for (int at = 0; at < bytes.Length;)
        {
            ReadOnlySpan<byte> rest = bytes.AsSpan(at);
            int length = LongestEntry(rest, out int replacement);
            if (length > 0)
            {
                mapped.Write(Replacement(replacement));
            }
            else
            {
                Rune.DecodeFromUtf8(rest, out _, out length);
                mapped.Write(rest[..length]);
            }
            at += length;
        }
        return Encoding.UTF8.GetString(mapped.GetBuffer(), 0, (int)mapped.Length);
    }

    private ReadOnlySpan<byte> Replacement(int offset)
    {
        ReadOnlySpan<byte> rest = _replacements.AsSpan(Math.Min(offset, _replacements.Length));
        int end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }

    /// <summary>The length of the longest entry that the bytes start with, 0 where there is none.</summary>
    private int LongestEntry(ReadOnlySpan<byte> bytes, out int replacement)
    {
        int longest = 0;
        replacement = 0;
        // A unit holds its label, whether a leaf hangs below it, and the offset of its children.
        uint position = Offset(_units[0]);
        for (int i = 0; i < bytes.Length; i++)
        {
            position ^= bytes[i];
            if (position >= _units.Length) break;
            uint unit = _units[position];
            if ((unit & 0x800000FF) != bytes[i]) break;
            position ^= Offset(unit);
            if ((unit >> 8 & 1) == 0) continue;
            if (position >= _units.Length) break;
            longest = i + 1;
            replacement = (int)(_units[position] & 0x7FFFFFFF);
        }
        return longest;
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & (1u << 9)) >> 6);
}
