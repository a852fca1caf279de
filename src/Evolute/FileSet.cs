using System.Globalization;
using System.Text.RegularExpressions;

namespace Evolute;

/// <summary>A file of a dataset, or the shards that are one together: <c>train-00000-of-00003.parquet</c> and so on.</summary>
/// <param name="Name">What it is called: the file's name, or what the shards' names begin with, <c>data/train</c>.</param>
/// <param name="Pattern">The file's name, or the shards' with a star for their numbers.</param>
/// <param name="Files">The files in their order.</param>
/// <param name="Missing">A shard that is not there, or null.</param>
internal sealed partial record FileSet(string Name, string Pattern, IReadOnlyList<string> Files, string? Missing)
{
    /// <summary>What a file's name is without its number, where it has one: also what the only shard may be called by.</summary>
    public string Stem => Shard.Of(Files[0])?.Stem ?? Name;

    /// <summary>Puts names together that are shards of one.</summary>
    public static IReadOnlyList<FileSet> Of(IEnumerable<string> names)
    {
        List<FileSet> sets = [];
        foreach (IGrouping<string, string> group in names.GroupBy(name => Shard.Of(name)?.Pattern ?? name, StringComparer.Ordinal))
        {
            Shard[] shards = [.. group.Select(Shard.Of).OfType<Shard>().OrderBy(s => s.Number).ThenBy(s => s.Name, StringComparer.Ordinal)];
            if (shards.Length == 0) sets.Add(new(group.Key, group.Key, [group.Key], null));
            else if (shards is [{ Number: 0, Count: 1 } only]) sets.Add(new(only.Name, only.Name, [only.Name], null));
            else sets.Add(new(shards[0].Stem, group.Key, [.. shards.Select(s => s.Name)], MissingOf(shards, group.Key)));
        }
        return [.. sets.OrderBy(s => s.Pattern, StringComparer.Ordinal)];
    }

    /// <summary>The files that a path means: itself, or those that a star in its last part stands for, in their order.</summary>
    /// <exception cref="EvoluteInputException">There is none, or a shard is missing.</exception>
    public static IReadOnlyList<string> OnDisk(string path)
    {
        string pattern = Path.GetFileName(path);
        if (!IsPattern(path)) return [path];
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } given ? given : ".";
        IReadOnlyList<FileSet> sets = Of(Names(folder, pattern));
        if (sets.Count == 0) throw new EvoluteInputException($"{path}: there is no such dataset.");
        if (sets.FirstOrDefault(s => s.Missing is not null) is { } partial) throw new EvoluteInputException($"{path}: the shard {partial.Missing} is not there; bring it, or name the files that are.");
        return [.. sets.SelectMany(s => s.Files).Select(file => Path.Combine(Path.GetDirectoryName(path) ?? "", file))];
    }

    private static IEnumerable<string> Names(string folder, string pattern)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetFiles(folder, pattern).Select(f => Path.GetFileName(f)) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new EvoluteInputException($"{folder}: the folder of the dataset cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Whether a path has a star for several files, and is not itself the name of one.</summary>
    public static bool IsPattern(string path) => Path.GetFileName(path).Contains('*', StringComparison.Ordinal) && !File.Exists(path);

    private static string? MissingOf(Shard[] shards, string pattern)
    {
        for (int i = 0; i < shards[0].Count; i++)
            if (i >= shards.Length || shards[i].Number != i)
            {
                int star = pattern.IndexOf('*', StringComparison.Ordinal);
                return string.Concat(pattern.AsSpan(0, star), i.ToString(CultureInfo.InvariantCulture).PadLeft(shards[0].Digits, '0'), pattern.AsSpan(star + 1));
            }
        return null;
    }

    private sealed record Shard(string Name, string Stem, int Number, int Count, int Digits, string Pattern)
    {
        public static Shard? Of(string name)
        {
            if (Form().Match(name) is not { Success: true } match || name.Contains('*', StringComparison.Ordinal)) return null;
            string stem = match.Groups["stem"].Value, count = match.Groups["count"].Value;
            // Some writers put a hash of the content behind, which differs from shard to shard.
            string pattern = $"{stem}-*-of-{count}{(match.Groups["hash"].Success ? "-*" : "")}{match.Groups["ending"].Value}";
            return new(name, stem, int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture), match.Groups["number"].Length, pattern);
        }
    }

    [GeneratedRegex(@"^(?<stem>.*[^/])-(?<number>[0-9]{4,9})-of-(?<count>[0-9]{4,9})(?<hash>-[0-9a-f]{16})?(?<ending>\.[A-Za-z]+)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
