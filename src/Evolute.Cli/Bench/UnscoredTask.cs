using System.Text.Json;
using Evolute.Evolution;
using Evolute.Tasks;

namespace Evolute.Cli.Bench;

/// <summary>A task that finds every response worth the same, on prompts of token ids.</summary>
internal sealed class UnscoredTask : TuningTask
{
    private static readonly RewardResult Nothing = new(0, new Dictionary<string, double>(), false);

    public override string Name => "random";

    public override IReadOnlyList<string> PartNames => [];

    /// <summary>Prompts as problems.</summary>
    public static EncodedProblem[] ProblemsOf(int[][] prompts)
    {
        JsonElement nothing = JsonSerializer.SerializeToElement(new object());
        return [.. prompts.Select((ids, i) => new EncodedProblem(new TaskProblem { Id = $"random-{i}", Prompt = "", Columns = nothing }, ids))];
    }

    public override IReadOnlyList<TaskProblem> Problems(TaskSplit split, int count, ulong seed) => throw new NotSupportedException();

    public override RewardResult Score(TaskProblem problem, string response) => Nothing;

    public override TaskProblem FromRow(JsonElement row, string place) => throw new NotSupportedException();
}
