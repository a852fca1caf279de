namespace Evolute.Tasks;

/// <summary>The JSONL files that a task's problems come from.</summary>
/// <param name="Dataset">All problems, or those of the splits that have no file of their own.</param>
/// <param name="Validation">The validation problems' own file.</param>
/// <param name="Test">The test problems' own file.</param>
internal sealed record DatasetFiles(string? Dataset, string? Validation, string? Test)
{
    /// <summary>The options' keys.</summary>
    public static readonly string[] Keys = ["dataset", "validation-dataset", "test-dataset"];

    public static DatasetFiles From(TaskOptionReader options) => new(options.Text(Keys[0]), options.Text(Keys[1]), options.Text(Keys[2]));

    /// <summary>A split's own file, or null.</summary>
    public string? Own(TaskSplit split) => split switch { TaskSplit.Validation => Validation, TaskSplit.Test => Test, _ => null };
}
