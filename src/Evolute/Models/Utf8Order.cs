using System.Text;

namespace Evolute.Models;

/// <summary>
/// Orders names by their UTF-8 bytes. UTF-16 order, which <see cref="StringComparer.Ordinal"/> has, differs from it
/// where surrogate pairs meet U+E000..U+FFFF.
/// </summary>
internal sealed class Utf8Order : IComparer<string>
{
    public static readonly Utf8Order Instance = new();

    public int Compare(string? x, string? y) =>
        Encoding.UTF8.GetBytes(x!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y!));
}
