using System.Text.Json.Nodes;
using Evolute.Rewards;
using Evolute.Tasks.Rows;

namespace Evolute.Cli.Flags;

/// <summary>Rewards besides or instead of the task's own.</summary>
internal static class RewardFlags
{
    /// <summary>The rewards.</summary>
    public static Flag<IReadOnlyList<string>> Rewards() => FlagKinds.Texts(
        "reward", "score by this instead of the task's own reward: a command that reads rows and writes answers, a URL, a .cs or .dll file, or 'task'; several are added up, each by its weight (docs/REWARDS.md)", "[WEIGHT*]REWARD");

    /// <summary>What happens where one fails.</summary>
    public static Flag<string?> Policy() => FlagKinds.Text("reward-policy", "where a --reward fails: end the run, leave the response out, or a score that counts instead", "fail|skip|VALUE", "fail");

    /// <summary>How long one may take.</summary>
    public static Flag<double> Timeout() => FlagKinds.Number("reward-timeout", "seconds that a --reward may take for a response", RewardFailures.DefaultTimeout.TotalSeconds, 0.001, 86400);

    /// <summary>A task's options where rewards stand in for its own: rows of one's own need no answer then.</summary>
    public static JsonObject Options(string task, JsonObject options, IReadOnlyList<string> rewards)
    {
        if (task == JsonlTask.TaskName && rewards.Count > 0 && !options.ContainsKey(JsonlTask.Match) && rewards.All(r => RewardSpec.Parse(r).Kind != RewardKind.Task)) options[JsonlTask.Match] = JsonlTask.NoMatch;
        return options;
    }

    /// <summary>Opens the rewards that the flags say.</summary>
    public static RewardSet Open(IReadOnlyList<string> rewards, string? policy, double timeout) =>
        RewardSpec.Open(rewards, RewardFailures.Parse(policy ?? "fail", timeout, "--reward-policy"), RewardSource.Compile);
}
