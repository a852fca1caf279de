namespace Evolute.Tasks;

/// <summary>Where a task's problems come from, and how they are divided.</summary>
/// <param name="Dataset">All problems, or those of the splits that have no file of their own.</param>
/// <param name="Validation">The validation problems' own file.</param>
/// <param name="Test">The test problems' own file.</param>
/// <param name="SplitColumn">The column of the common file that names each row's split; without one, hashes decide.</param>
internal sealed record DatasetFiles(string? Dataset, string? Validation, string? Test, string? SplitColumn)
{
    /// <summary>The options that name files; on the command line each is a flag.</summary>
    public static readonly string[] FileKeys = ["dataset", "validation-dataset", "test-dataset"];

    /// <summary>The options' keys.</summary>
    public static readonly string[] Keys = [.. FileKeys, "split-column"];

    /// <summary>Each that is given, once.</summary>
    public IReadOnlyList<string> All => [.. ((string?[])[Dataset, Validation, Test]).OfType<string>().Distinct(StringComparer.Ordinal)];

    public static DatasetFiles From(TaskOptionReader options) => new(options.Text(Keys[0]), options.Text(Keys[1]), options.Text(Keys[2]), options.Text(Keys[3]));

    /// <summary>A split's own file, or null.</summary>
    public string? Own(TaskSplit split) => split switch { TaskSplit.Validation => Validation, TaskSplit.Test => Test, _ => null };
}
