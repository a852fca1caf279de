using System.Globalization;
using System.Text;

namespace Evolute.Text.Normalization;

/// <summary>
/// The part of the Unicode Character Database that canonical composition needs. The runtime has no such data when it
/// runs without a culture library, as this project always does.
/// </summary>
internal static class CanonicalData
{
    private static readonly Dictionary<int, int[]> Decompositions = [];
    private static readonly Dictionary<(int, int), int> Compositions = [];
    private static readonly Dictionary<int, byte> Classes = [];

    /// <summary>Below this code point every character is composed already and none combines.</summary>
    public const int FirstOfInterest = 0x300;

    static CanonicalData()
    {
        using Stream stream = typeof(CanonicalData).Assembly.GetManifestResourceStream("Evolute.Text.Normalization.canonical.txt")!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
            if (line[0] == '@') ReadClasses(line[1..].Split(' '));
            else if (line[0] != '#') ReadDecomposition(line.Split(' '));
    }

    /// <summary>One step of the decomposition of <paramref name="codePoint"/>, or null.</summary>
    public static int[]? Decompose(int codePoint) => Decompositions.GetValueOrDefault(codePoint);

    /// <summary>The character that the two compose to, or -1.</summary>
    public static int Compose(int first, int second) => Compositions.GetValueOrDefault((first, second), -1);

    /// <summary>The canonical combining class: 0 for a starter.</summary>
    public static byte CombiningClass(int codePoint) => codePoint < FirstOfInterest ? (byte)0 : Classes.GetValueOrDefault(codePoint);

    private static void ReadClasses(string[] parts)
    {
        byte value = byte.Parse(parts[0], CultureInfo.InvariantCulture);
        string[] ends = parts[1].Split('-');
        for (int c = Hex(ends[0]); c <= Hex(ends[^1]); c++) Classes[c] = value;
    }

    private static void ReadDecomposition(string[] parts)
    {
        bool composes = parts[1] != ">";
        int[] to = [.. parts[(composes ? 1 : 2)..].Select(Hex)];
        Decompositions[Hex(parts[0])] = to;
        if (composes) Compositions[(to[0], to[1])] = Hex(parts[0]);
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
