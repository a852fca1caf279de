using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Evolute.Runs;
using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>What must be the same in every run with the same settings, however it was made.</summary>
/// <param name="Journal">All of journal.jsonl.</param>
/// <param name="WeightsSha256">The digest in its last line.</param>
/// <param name="Final">SHA-256 of every file in final/.</param>
internal sealed record RunBits(string Journal, string WeightsSha256, string Final)
{
    private static readonly ConcurrentDictionary<TinyRun, Lazy<RunBits>> Straight = new();

    /// <summary>Those of a finished run.</summary>
    public static RunBits Of(string folder)
    {
        string journal = File.ReadAllText(Path.Combine(folder, "journal.jsonl"));
        FinalEntry final = Assert.IsType<FinalEntry>(Evolute.Runs.Journal.Read(Path.Combine(folder, "journal.jsonl"))[^1]);
        var files = Directory.EnumerateFiles(Path.Combine(folder, "final")).Order(StringComparer.Ordinal)
            .Select(path => $"{Path.GetFileName(path)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}");
        return new(journal, final.WeightsSha256, string.Join('\n', files));
    }

    /// <summary>Those of a run that nothing disturbs, made once for all tests.</summary>
    public static RunBits OfStraight(TinyRun run) => Straight.GetOrAdd(run, key => new Lazy<RunBits>(() => MakeStraight(key))).Value;

    /// <summary>Checks that a run came to the bits of one that nothing disturbed.</summary>
    public static void AssertStraight(TinyRun run, string folder)
    {
        RunBits expected = OfStraight(run), actual = Of(folder);
        Assert.Equal(expected.Journal, actual.Journal);
        Assert.Equal(expected, actual);
    }

    private static RunBits MakeStraight(TinyRun run)
    {
        using TempFolder temp = new();
        ToolResult result = Tool.Call(run.Train(temp["run"]));
        Assert.True(result.Code == 0, result.Error);
        RunBits bits = Of(temp["run"]);
        Assert.Equal(bits.WeightsSha256, result.Json.GetProperty("weights_sha256").GetString());
        // Bits that no iteration moved would be the same for bad reasons; one may find all its rewards equal.
        string[] iterations = [.. bits.Journal.Split('\n').Where(line => line.Contains("\"kind\":\"iteration\"", StringComparison.Ordinal))];
        int moved = iterations.Count(line => JsonElement.Parse(line).GetProperty("coefficients").ValueKind == JsonValueKind.Array);
        Assert.True(2 * moved > iterations.Length, $"Only {moved} of {iterations.Length} iterations moved the weights.");
        return bits;
    }
}
