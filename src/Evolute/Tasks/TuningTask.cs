using System.Collections.Immutable;
using System.Text.Json;

namespace Evolute.Tasks;

/// <summary>
/// A task to tune a model for: problems and a reward. It knows text only, and scoring is a pure function that may be
/// called from several threads at once.
/// </summary>
public abstract class TuningTask
{
    /// <summary>The name in the <see cref="TaskCatalog"/> and on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>The components of the reward, in the order in which they are reported.</summary>
    public abstract IReadOnlyList<string> PartNames { get; }

    /// <summary>Texts that end a response; they stay in it.</summary>
    public virtual IReadOnlyList<string> StopStrings => [];

    /// <summary>The files that the problems come from, so that a run can tell whether they are still the same; none where the task makes its own.</summary>
    public virtual IReadOnlyList<string> Files => [];

    /// <summary>How many problems a split has; null where there are as many as are asked for.</summary>
    /// <exception cref="EvoluteInputException">The file that they are in is bad.</exception>
    public virtual int? Count(TaskSplit split) => null;

    /// <summary>
    /// The first <paramref name="count"/> problems of a split; a larger count only appends. Training problems follow
    /// <paramref name="seed"/>; validation and test problems are the same whatever it is.
    /// </summary>
    /// <exception cref="EvoluteInputException">The task has fewer problems than that.</exception>
    public abstract IReadOnlyList<TaskProblem> Problems(TaskSplit split, int count, ulong seed);

    /// <summary>Scores a response: the text after the prompt, stop string included.</summary>
    public abstract RewardResult Score(TaskProblem problem, string response);

    /// <summary>What else is worth knowing of a response, by name; means of it stand in reports and no reward depends on it.</summary>
    public virtual IReadOnlyDictionary<string, double> Measure(TaskProblem problem, string response) => ImmutableDictionary<string, double>.Empty;

    /// <summary>
    /// The answer that a response gives, written so that equal ones are the same text: what majority votes (maj@k) count. Null where it gives none. Here it is the whole response without
    /// spaces around it.
    /// </summary>
    public virtual string? AnswerOf(TaskProblem problem, string response) => response.Trim() is { Length: > 0 } answer ? answer : null;

    /// <summary>
    /// The problem in one row of a JSONL file; columns that the task does not know pass through.
    /// </summary>
    /// <param name="row">The row, a JSON object.</param>
    /// <param name="place">File and row for error sentences, e.g. <c>answers.jsonl, row 3</c>.</param>
    /// <exception cref="EvoluteInputException">A column that the task needs is missing.</exception>
    public abstract TaskProblem FromRow(JsonElement row, string place);
}
