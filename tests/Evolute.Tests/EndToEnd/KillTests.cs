using System.Globalization;
using Evolute.Models;
using Evolute.Runs;
using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>A run that is killed again and again, and goes on each time, ends at the bits of a run that nothing disturbed.</summary>
public class KillTests
{
    /// <summary>With validation, which chooses the result, and without; with updates that need more than the weights; and with σ and α that the run finds.</summary>
    private static readonly TinyRun[] Kinds =
    [
        new() { Iterations = 8, CheckpointEvery = 1 }, new() { Iterations = 8, EvalEvery = 2, CheckpointEvery = 3 },
        new() { Iterations = 8, CheckpointEvery = 2, More = "--mirrored --shaping centered-ranks --optimizer momentum --momentum 0.5 --anchor l2 --anchor-strength 5" },
        new() { Population = 8, Prompts = 16, Iterations = 8, EvalEvery = 2, CheckpointEvery = 3, Sigma = "auto:0.5", LearningRate = "auto", More = "--stop-when plateau:3" },
    ];

    [Fact]
    public void Twenty_five_kills_leave_the_same_bits() => KillAndGoOn(kills: 25, seed: 1);

    /// <summary>Minutes; run by name: <c>dotnet test -c Release -- --explicit only --filter-method "*Two_hundred_kills*"</c>.</summary>
    [Fact(Explicit = true)]
    public void Two_hundred_kills_leave_the_same_bits() => KillAndGoOn(kills: 200, seed: 2);

    /// <summary>Kills a run until it has nothing left to do, then the next, until there were enough kills.</summary>
    private static void KillAndGoOn(int kills, int seed)
    {
        Random random = new(seed);
        int done = 0;
        Dictionary<string, int> moments = [];
        for (int runs = 0; done < kills; runs++)
        {
            using TempFolder temp = new();
            string folder = temp["run"];
            TinyRun run = Kinds[runs % Kinds.Length];
            for (; done < kills && KilledOnTheWay(run, folder, random); done++)
            {
                string moment = Moment(folder);
                moments[moment] = moments.GetValueOrDefault(moment) + 1;
            }
            // The last run may have been killed once more; a finished one just says its result again.
            ToolResult result = Tool.Call(Next(run, folder));
            Assert.True(result.Code == 0, result.Error);
            RunBits.AssertStraight(run, folder);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder, "*" + DurableFile.PartialSuffix, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }));
        }
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(
            "\n", moments.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => string.Create(CultureInfo.InvariantCulture, $"killed {m.Value} times with {m.Key}"))));
    }

    /// <summary>One process that works on a run and is killed at a random moment; false where it came to the end before.</summary>
    private static bool KilledOnTheWay(TinyRun run, string folder, Random random)
    {
        // Threads and batch size are free to change from one process to the next.
        string threads = random.Next(1, 3).ToString(CultureInfo.InvariantCulture), batch = random.Next(0, 9).ToString(CultureInfo.InvariantCulture);
        using ToolProcess tool = new([.. Next(run, folder), "--threads", threads, "--batch-size", batch]);
        // Some moments lie anywhere at the beginning of a process's life, most shortly after a line of progress, where files are written.
        if (random.Next(5) == 0) tool.EndsWithin(random.Next(600));
        else
        {
            int lines = random.Next(1, 12);
            tool.WaitForLine(_ => --lines <= 0);
            tool.EndsWithin(random.Next(20));
        }
        if (tool.Kill()) return true;
        ToolResult result = tool.Result();
        Assert.True(result.Code == 0, result.Error);
        return false;
    }

    private static string[] Next(TinyRun run, string folder) => Directory.Exists(folder) ? TinyRun.Resume(folder) : run.Train(folder);

    private static string Moment(string folder)
    {
        string journal = Path.Combine(folder, Journal.FileName);
        return File.Exists(journal) ? string.Create(CultureInfo.InvariantCulture, $"{Journal.Read(journal).Count:D2} lines in the journal") : "no run yet";
    }
}
