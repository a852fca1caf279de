namespace Evolute;

/// <summary>Finds the known name that a mistyped one was probably meant to be.</summary>
internal static class Suggestion
{
    /// <summary>
    /// <c>" Did you mean 'x'?"</c> for the nearest of <paramref name="known"/>, else the list of what there is; starts
    /// with a space so that it can follow a sentence.
    /// </summary>
    public static string For(string given, IEnumerable<string> known)
    {
        string[] names = [.. known];
        return Nearest(given, names) is { } name ? $" Did you mean '{name}'?" : $" There is: {string.Join(", ", names)}.";
    }

    /// <summary>The nearest name, or null where none is near enough to be a slip of the keyboard.</summary>
    public static string? Nearest(string given, IEnumerable<string> known)
    {
        string? nearest = null;
        int least = int.MaxValue;
        foreach (string name in known)
        {
            int distance = EditDistance(given.ToLowerInvariant(), name.ToLowerInvariant());
            if (distance < least) (nearest, least) = (name, distance);
        }
        return least <= Math.Max(2, given.Length / 3) && least < given.Length ? nearest : null;
    }

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).</summary>
    internal static int EditDistance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) cost[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) cost[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
            for (int j = 1; j <= b.Length; j++)
            {
                int substitute = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(substitute, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        return cost[a.Length, b.Length];
    }
}
