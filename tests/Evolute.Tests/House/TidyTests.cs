using System.Text.RegularExpressions;

namespace Evolute.Tests.House;

/// <summary>The rules of the house that no analyzer knows.</summary>
public partial class TidyTests
{
    private const int MostLines = 400;

    /// <summary>Longer files, each with its reason.</summary>
    private static readonly Dictionary<string, string> LongFiles = [];

    [Fact]
    public void Files_are_short_enough_to_read()
    {
        foreach ((string path, string[] lines) in Sources("src", "tests", "bench", "experiments"))
            Assert.True(lines.Length <= MostLines || LongFiles.ContainsKey(path), $"{path} has {lines.Length} lines; {MostLines} are the most.");
    }

    [Fact]
    public void No_file_hides_its_size_in_regions()
    {
        foreach ((string path, string[] lines) in Sources("src", "tests", "bench", "experiments"))
            Assert.False(lines.Any(line => line.TrimStart().StartsWith("#region", StringComparison.Ordinal)), path);
    }

    [Fact]
    public void Nothing_is_called_manager_helper_or_util()
    {
        foreach ((string path, string[] lines) in Sources("src", "tests", "bench", "experiments"))
            for (int i = 0; i < lines.Length; i++)
                Assert.False(EmptyName().IsMatch(lines[i]), $"{path}, line {i + 1}: the name says nothing: {lines[i].Trim()}");
    }

    [Fact]
    public void Nothing_is_left_to_do()
    {
        foreach ((string path, string[] lines) in Sources("src"))
            for (int i = 0; i < lines.Length; i++)
                Assert.False(Unfinished().IsMatch(lines[i]), $"{path}, line {i + 1}: {lines[i].Trim()}");
    }

    [GeneratedRegex(@"\b(class|struct|record|interface|enum)\s+\w*(Manager|Helper|Util|Utils|Utility|Utilities)\b")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"\b(TODO|FIXME|XXX|HACK)\b")]
    private static partial Regex Unfinished();

    /// <summary>Every C# file below some folders of the checkout, by its path there.</summary>
    private static IEnumerable<(string Path, string[] Lines)> Sources(params string[] folders)
    {
        Assert.SkipUnless(RepositoryFolder.Root is not null, "The tests do not run inside a checkout.");
        string[] files = [.. folders.Select(f => Path.Combine(RepositoryFolder.Root!, f)).Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*.cs", SearchOption.AllDirectories))];
        Assert.NotEmpty(files);
        return files.Select(f => (Path.GetRelativePath(RepositoryFolder.Root!, f), File.ReadAllLines(f)));
    }
}
