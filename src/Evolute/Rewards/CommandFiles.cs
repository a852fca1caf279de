using System.Text;

namespace Evolute.Rewards;

/// <summary>The files that a command line names: those of its words that are files now. What it writes to (<c>&gt; FILE</c>) is not among them.</summary>
internal static class CommandFiles
{
    private const string Ends = ";&|()<>\n";

    /// <summary>The files, each once, as they are named.</summary>
    public static IReadOnlyList<string> Of(string command)
    {
        List<string> files = [];
        foreach ((string word, bool written) in Words(command))
        {
            if (written) continue;
            // A word may be --config=FILE.
            string value = File.Exists(word) ? word : word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..];
            if (File.Exists(value) && !files.Contains(value)) files.Add(value);
        }
        return files;
    }

    /// <summary>The words as a shell divides them, near enough to find names of files; with each, whether output goes there.</summary>
    private static IEnumerable<(string Word, bool Written)> Words(string command)
    {
        StringBuilder word = new();
        bool written = false, escaped = false;
        char quote = '\0';
        foreach (char c in command)
        {
            if (escaped)
            {
                word.Append(c);
                escaped = false;
            }
            // A shell of Windows has no escapes, and paths with backslashes.
            else if (c == '\\' && quote != '\'' && !OperatingSystem.IsWindows()) escaped = true;
            else if (quote != '\0' && c == quote) quote = '\0';
            else if (quote == '\0' && (c is '\'' or '"')) quote = c;
            else if (quote == '\0' && (char.IsWhiteSpace(c) || Ends.Contains(c, StringComparison.Ordinal)))
            {
                if (word.Length > 0)
                {
                    yield return (word.ToString(), written);
                    word.Clear();
                    written = false;
                }
                if (c == '>') written = true;
                else if (!char.IsWhiteSpace(c)) written = false;
            }
            else word.Append(c);
        }
        if (word.Length > 0) yield return (word.ToString(), written);
    }
}
