namespace Evolute.Models;

/// <summary>Shows text from a file in a message: quoted, shortened, without control characters.</summary>
internal static class Quoted
{
    private const int MaxLength = 120;

    public static string Text(string text)
    {
        string shown = text.Length <= MaxLength ? text : string.Concat(text.AsSpan(0, MaxLength), "…");
        return $"'{string.Concat(shown.Select(c => char.IsControl(c) ? '\uFFFD' : c))}'";
    }

    public static string Shape(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
