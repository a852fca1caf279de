using System.Security.Cryptography;
using Evolute.Rewards;

namespace Evolute.Runs;

/// <summary>Whether the files that a run's rewards name are those that it has been scored by so far.</summary>
internal static class RewardIdentity
{
    /// <summary>SHA-256 of each file by its name; null where the rewards name none.</summary>
    public static IReadOnlyDictionary<string, string>? Of(IReadOnlyList<string>? rewards)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string file in (rewards ?? []).SelectMany(r => RewardSpec.Parse(r).Files))
            if (Sha256(file) is { } sha256) files[file] = sha256;
        return files.Count > 0 ? files : null;
    }

    /// <summary>Settings with the files as they are now, for a run that is told to go on with them.</summary>
    public static RunSettings Renewed(RunSettings settings)
    {
        IReadOnlyDictionary<string, string>? now = Of(settings.Rewards);
        bool same = (now ?? new Dictionary<string, string>()).SequenceEqual(settings.RewardFiles ?? new Dictionary<string, string>());
        return same ? settings : settings with { RewardFiles = now };
    }

    /// <summary>Checks that the files are those of the run.</summary>
    /// <param name="settings">The run's settings.</param>
    /// <param name="iteration">Its last iteration so far.</param>
    /// <exception cref="EvoluteInputException">They are not.</exception>
    public static void Require(RunSettings settings, int iteration)
    {
        foreach ((string file, string sha256) in settings.RewardFiles ?? new Dictionary<string, string>())
        {
            if (Sha256(file) is not { } now)
                throw new EvoluteInputException($"{file}: the reward's file is not there; bring it back, resume in the folder where the run was begun, or begin a new run.");
            if (now != sha256)
                throw new EvoluteInputException($"{file}: the reward's file has changed since {Moment(iteration)}: its SHA-256 is {now}, the run's is {sha256}; bring the old one back, give --reward again to go on with this one, or begin a new run.");
        }
    }

    /// <summary>What is to be told where a run goes on with other files than before.</summary>
    public static IEnumerable<string> Changes(RunSettings old, RunSettings settings, int iteration)
    {
        foreach ((string file, string sha256) in old.RewardFiles ?? new Dictionary<string, string>())
            if (settings.RewardFiles?.GetValueOrDefault(file) is { } now && now != sha256)
                yield return $"{file}: the reward's file has changed since {Moment(iteration)}: its SHA-256 was {sha256} and is {now}; iterations from {iteration + 1} on are scored by it.";
    }

    private static string Moment(int iteration) => iteration == 0 ? "the run was begun" : $"iteration {iteration}";

    private static string? Sha256(string path)
    {
        try
        {
            FileInfo file = new(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
            if (!file.Exists) return null;
            // What has no length may be a pipe or a device, which would be waited for.
            using Stream content = file.Length == 0 ? Stream.Null : file.OpenRead();
            return Convert.ToHexStringLower(SHA256.HashData(content));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
