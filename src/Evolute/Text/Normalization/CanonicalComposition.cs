using System.Text;

namespace Evolute.Text.Normalization;

/// <summary>Unicode normalization form C (UAX #15): decompose, order the marks, compose.</summary>
internal static class CanonicalComposition
{
    private const int HangulFirst = 0xAC00, LeadFirst = 0x1100, VowelFirst = 0x1161, TrailBase = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TrailCount = 28, HangulCount = LeadCount * VowelCount * TrailCount;

    /// <summary>The text in form C; the same string where nothing in it can change.</summary>
    public static string Compose(string text)
    {
        int plain = text.AsSpan().IndexOfAnyInRange((char)CanonicalData.FirstOfInterest, '\uFFFF');
        if (plain < 0) return text;
        // The character before the first one of interest may be the base of a mark.
        int start = Math.Max(0, plain - 1);
        List<int> points = Decomposed(text.AsSpan(start));
        ComposeInPlace(points);
        StringBuilder composed = new(text, 0, start, text.Length);
        Span<char> units = stackalloc char[2];
        foreach (int point in points) composed.Append(units[..new Rune(point).EncodeToUtf16(units)]);
        return composed.Equals(text) ? text : composed.ToString();
    }

    private static List<int> Decomposed(ReadOnlySpan<char> text)
    {
        List<int> points = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes()) AddDecomposed(rune.Value, points);
        return points;
    }

    private static void AddDecomposed(int point, List<int> points)
    {
        int syllable = point - HangulFirst;
        if (syllable is >= 0 and < HangulCount)
        {
            points.Add(LeadFirst + syllable / (VowelCount * TrailCount));
            points.Add(VowelFirst + syllable % (VowelCount * TrailCount) / TrailCount);
            if (syllable % TrailCount != 0) points.Add(TrailBase + syllable % TrailCount);
        }
        else if (CanonicalData.Decompose(point) is { } parts)
        {
            foreach (int part in parts) AddDecomposed(part, points);
        }
        else
        {
            points.Add(point);
        }
    }

    private static void ComposeInPlace(List<int> points)
    {
        OrderMarks(points);
        int written = 0, starter = -1, lastClass = -1;
        for (int read = 0; read < points.Count; read++)
        {
            int point = points[read], combining = CanonicalData.CombiningClass(point);
            // A mark is blocked from its starter by one of the same or a higher class between them.
            if (starter >= 0 && (lastClass < combining || lastClass == -1) && Pair(points[starter], point) is int whole and >= 0)
            {
                points[starter] = whole;
                continue;
            }
            if (combining == 0)
            {
                starter = written;
                lastClass = -1;
            }
            else
            {
                lastClass = combining;
            }
            points[written++] = point;
        }
        points.RemoveRange(written, points.Count - written);
    }

    private static int Pair(int first, int second)
    {
        int lead = first - LeadFirst, vowel = second - VowelFirst;
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
            return HangulFirst + (lead * VowelCount + vowel) * TrailCount;
        int syllable = first - HangulFirst, trail = second - TrailBase;
        if (syllable is >= 0 and < HangulCount && syllable % TrailCount == 0 && trail is > 0 and < TrailCount) return first + trail;
        return CanonicalData.Compose(first, second);
    }

    /// <summary>Sorts each run of marks by combining class, keeping the order of equals.</summary>
    private static void OrderMarks(List<int> points)
    {
        for (int i = 0; i < points.Count; i++)
        {
            if (CanonicalData.CombiningClass(points[i]) == 0) continue;
            int end = i + 1;
            while (end < points.Count && CanonicalData.CombiningClass(points[end]) != 0) end++;
            if (end - i > 1)
            {
                int[] ordered = [.. points.GetRange(i, end - i).OrderBy(p => CanonicalData.CombiningClass(p))];
                for (int k = 0; k < ordered.Length; k++) points[i + k] = ordered[k];
            }
            i = end;
        }
    }
}
