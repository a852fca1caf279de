using System.Security.Cryptography;
using System.Text.Json;
using Evolute.Cli;
using Evolute.Rewards;
using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>A run knows the files of its scorers again.</summary>
public sealed class RewardFileTests : IDisposable
{
    // A response's length, up to its first quotation mark.
    private const string Script = "while IFS= read -r line; do id=${line#*\\\"id\\\":}; r=${line#*\\\"response\\\":\\\"}; r=${r%%\\\"*}; echo \"{\\\"id\\\":${id%%,*},\\\"reward\\\":${#r}}\"; done\n";
    private const string Code = "public class Mine : IReward { public Task<IReadOnlyList<RewardValue>> ScoreAsync(IReadOnlyList<RewardCompletion> c, CancellationToken stop) => Task.FromResult<IReadOnlyList<RewardValue>>([.. c.Select(x => RewardValue.Of(x.Text.Length))]); }\n";

    private static readonly TinyRun Tiny = new() { Iterations = 2 };

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("score.sh", "sh {0}", Script)]
    [InlineData("Mine.cs", "0.5*{0}", Code)]
    public void A_changed_file_is_refused_and_taken_where_the_reward_is_named_again(string name, string reward, string content)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && name.EndsWith(".sh", StringComparison.Ordinal), "The scorer is a shell's.");
        string file = _temp[name], run = _temp["run"], whole = _temp["whole"];
        reward = string.Format(System.Globalization.CultureInfo.InvariantCulture, reward, file);
        File.WriteAllText(file, content);
        Done(Tool.Call(Tiny.Train(run, "--reward", reward)));
        Done(Tool.Call((Tiny with { Iterations = 3 }).Train(whole, "--reward", reward)));
        string before = Sha256(file);
        Assert.Equal(before, Recorded(run, file));

        // The same bytes again are the same file.
        File.WriteAllText(file, content);
        Done(Tool.Call(TinyRun.Resume(run)));
        File.AppendAllText(file, "\n");
        string after = Sha256(file), journal = Path.Combine(run, "journal.jsonl");
        byte[] kept = File.ReadAllBytes(journal);
        ToolResult refused = Tool.Call(TinyRun.Resume(run, "--iterations", "3"));
        Assert.Equal(
            (ExitCode.BadInput, $"{file}: the reward's file has changed since iteration 2: its SHA-256 is {after}, the run's is {before}; bring the old one back, give --reward again to go on with this one, or begin a new run."),
            (refused.Code, refused.LastLine));
        Assert.Equal(kept, File.ReadAllBytes(journal));
        Assert.Equal(before, Recorded(run, file));

        ToolResult taken = Tool.Call(TinyRun.Resume(run, "--iterations", "3", "--reward", reward));
        Done(taken);
        string sentence = $"{file}: the reward's file has changed since iteration 2: its SHA-256 was {before} and is {after}; iterations from 3 on are scored by it.";
        Assert.Contains(sentence, taken.Error, StringComparison.Ordinal);
        Assert.Equal([sentence], File.ReadAllLines(Path.Combine(run, "rewards.log")));
        Assert.Equal(after, Recorded(run, file));
        // What was appended changes no value.
        Assert.Equal(Iterations(whole), Iterations(run));
        Done(Tool.Call(TinyRun.Resume(run)));

        File.Delete(file);
        Assert.Equal($"{file}: the reward's file is not there; bring it back, resume in the folder where the run was begun, or begin a new run.", Tool.Call(TinyRun.Resume(run)).LastLine);
        // A replay asks no reward.
        Done(Tool.Call("replay", run));
    }

    [Fact]
    public void A_run_without_such_files_has_none_in_its_settings()
    {
        Done(Tool.Call(Tiny.Train(_temp["own"])));
        Done(Tool.Call(Tiny.Train(_temp["task"], "--reward", "task")));
        foreach (string run in (string[])["own", "task"]) Assert.DoesNotContain("reward-files", File.ReadAllText(Path.Combine(_temp[run], "settings.json")), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_temp["own"], "journal.jsonl")), File.ReadAllBytes(Path.Combine(_temp["task"], "journal.jsonl")));
    }

    [Theory]
    [InlineData("python3 A", "A")]
    [InlineData("A", "A")]
    [InlineData("python3 none.py", "")]
    [InlineData("python3 A --config=B --fast A", "A B")]
    [InlineData("python3 'A' \"B\"|C", "A B C")]
    [InlineData("(A;B)&&C", "A B C")]
    [InlineData("python3 A >B 2>>C", "A")]
    [InlineData("python3 A > B C", "A C")]
    [InlineData("python3 A <B", "A B")]
    [InlineData("echo 'A B", "")]
    public void Words_of_a_command_that_are_files_are_found(string command, string expected)
    {
        Dictionary<string, string> files = new[] { "A", "B", "C" }.ToDictionary(n => n, n => _temp[$"score-{n}"]);
        foreach (string file in files.Values) File.WriteAllText(file, "");
        Assert.Equal(Filled(expected).Split(' ', StringSplitOptions.RemoveEmptyEntries), CommandFiles.Of(Filled(command)));

        string Filled(string text) => string.Concat(text.Select(c => files.GetValueOrDefault(c.ToString(), c.ToString())));
    }

    [Fact]
    public void Names_with_spaces_are_found_as_a_shell_reads_them()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Escapes are a shell's.");
        string file = _temp["my score.sh"];
        File.WriteAllText(file, Script);
        foreach (string named in (string[])[$"'{file}'", $"\"{file}\"", file.Replace(" ", "\\ ", StringComparison.Ordinal)]) Assert.Equal([file], RewardSpec.Parse($"2*sh {named}").Files);
        Assert.Equal(["x/Mine.dll"], RewardSpec.Parse("x/Mine.dll:Mine").Files);
        Assert.Empty(RewardSpec.Parse("http://127.0.0.1/score").Files);
    }

    private static void Done(ToolResult result) => Assert.True(result.Code == ExitCode.Done, result.Error);

    private static string Sha256(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private static string Recorded(string run, string file) => JsonElement.Parse(File.ReadAllText(Path.Combine(run, "settings.json"))).GetProperty("reward-files").GetProperty(file).GetString()!;

    private static string[] Iterations(string run) => [.. File.ReadLines(Path.Combine(run, "journal.jsonl")).Where(l => l.Contains("\"kind\":\"iteration\"", StringComparison.Ordinal))];
}
