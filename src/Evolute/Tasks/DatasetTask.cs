using System.Text.Json;
using Evolute.Tasks.Data;

namespace Evolute.Tasks;

/// <summary>
/// A task whose problems are rows of datasets. Where one serves several splits, a column or hashes say which row is in which (<see cref="DatasetSplit"/>); a split with a dataset of its own takes
/// nothing of the common one. Training problems are in an order that follows the seed, others in the file's.
/// </summary>
public abstract class DatasetTask : TuningTask
{
    private const int MostBadRows = 20;
    private const string ResponseColumn = "response";

    private readonly DatasetFiles _files;
    private readonly Dictionary<string, TaskProblem[]> _read = new(StringComparer.Ordinal);

    private protected DatasetTask(DatasetFiles files) => _files = files;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files => _files.All;

    /// <summary>One sentence: where to get the data, and the columns; for when no file is given.</summary>
    protected abstract string Source { get; }

    /// <summary>The columns of which the first that a row has tells its problem from others; where it has none of them, the whole row does.</summary>
    protected abstract IReadOnlyList<string> KeyColumns { get; }

    /// <summary>Problems that need no file, by split; none by default.</summary>
    protected virtual IReadOnlyList<TaskProblem> BuiltIn(TaskSplit split) => [];

    /// <summary>Problems that the task makes by itself, without end, for a split that no file serves; null where it makes none.</summary>
    private protected virtual IEnumerable<TaskProblem>? Made(TaskSplit split, ulong seed) => null;

    /// <summary>The problems of one row of a dataset; one, unless the task says otherwise.</summary>
    private protected virtual IEnumerable<TaskProblem> ProblemsOf(JsonElement row, string place) => [FromRow(row, place)];

    /// <summary>The rows of a dataset.</summary>
    private protected virtual IEnumerable<DatasetRow> Rows(string path) => DatasetRows.Of(path);

    /// <inheritdoc/>
    public override int? Count(TaskSplit split) => MadeFor(split, seed: 0) is null ? All(split).Length : null;

    /// <inheritdoc/>
    public override IReadOnlyList<TaskProblem> Problems(TaskSplit split, int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (MadeFor(split, seed) is { } made) return [.. Elsewhere() is { Count: > 0 } elsewhere ? made.Where(p => !elsewhere.Contains(Key(p))).Take(count) : made.Take(count)];
        TaskProblem[] all = All(split);
        if (count > all.Length)
            throw new EvoluteInputException($"The task {Name} has {all.Length} {Lower(split)} problems, not {count}: "
                + (all.Length == 0 ? $"give a larger file, or {(split == TaskSplit.Train ? "the other splits files of their own" : $"this split its own by --{Lower(split)}-dataset")}."
                    : split == TaskSplit.Train ? $"say --train-problems {all.Length} (and no more --prompts), or give a larger file."
                    : $"say --eval-problems {all.Length}, or give a larger file."));
        return split == TaskSplit.Train ? [.. DatasetSplit.Shuffled(all, seed).Take(count)] : all[..count];
    }

    /// <summary>A row's prompt; empty for one that has a response to score and not the columns of the template.</summary>
    /// <param name="template">The prompt's template.</param>
    /// <param name="row">The row.</param>
    /// <param name="place">File and row for error sentences.</param>
    /// <param name="column">What is to be read for a column; by default the column itself.</param>
    /// <exception cref="EvoluteInputException">A column is missing, or nothing that can stand in a text.</exception>
    private protected static string Phrase(PromptTemplate template, JsonElement row, string place, Func<string, string>? column = null)
    {
        column ??= name => name;
        if (IsOnlyScored(row) && template.Fields.Any(name => !row.TryGetProperty(column(name), out _))) return "";
        return template.Render(name => TaskRow.Field(row, column(name), place));
    }

    /// <summary>Whether a row comes with a response, so that it may do without a prompt.</summary>
    private protected static bool IsOnlyScored(JsonElement row) => row.ValueKind == JsonValueKind.Object && row.TryGetProperty(ResponseColumn, out _);

    private IEnumerable<TaskProblem>? MadeFor(TaskSplit split, ulong seed) => _files.Own(split) is null && _files.Dataset is null ? Made(split, seed) : null;

    private TaskProblem[] All(TaskSplit split)
    {
        if (_files.Own(split) is { } own) return Read(own, splitColumn: null);
        if (_files.Dataset is { } shared) return Share(Read(shared, _files.SplitColumn), split);
        TaskProblem[] builtIn = [.. BuiltIn(split)];
        return builtIn.Length > 0 ? builtIn
            : throw new EvoluteInputException($"The task {Name} reads its {Lower(split)} problems from a dataset: --{(split == TaskSplit.Train ? "" : $"{Lower(split)}-")}dataset FILE. {Source}");
    }

    private TaskProblem[] Share(TaskProblem[] problems, TaskSplit split)
    {
        HashSet<string> elsewhere = Elsewhere();
        return [.. problems.Where(p => !elsewhere.Contains(Key(p)) && SplitOf(p) == split)];
    }

    // What a split has in a file of its own is in no other split.
    private HashSet<string> Elsewhere()
    {
        HashSet<string> elsewhere = new(StringComparer.Ordinal);
        foreach (string? file in (string?[])[_files.Validation, _files.Test])
            if (file is not null) elsewhere.UnionWith(Read(file, splitColumn: null).Select(Key));
        return elsewhere;
    }

    // A split that has a file of its own leaves its share of the common one to training.
    private TaskSplit SplitOf(TaskProblem problem)
    {
        if (_files.SplitColumn is { } column) return DatasetSplit.Named(problem.Columns.GetProperty(column).GetString()!)!.Value;
        TaskSplit split = DatasetSplit.Of(Key(problem));
        return _files.Own(split) is null ? split : TaskSplit.Train;
    }

    /// <summary>What tells a problem from others: of the problem, not of the prompt, so that it stays in its split whatever the prompt's words; and the same whatever kind of file the row stood in.</summary>
    private protected virtual string Key(TaskProblem problem)
    {
        foreach (string column in KeyColumns)
            if (problem.Columns.TryGetProperty(column, out JsonElement value)) return value.ValueKind == JsonValueKind.String ? value.GetString()! : JsonSerializer.Serialize(value);
        return JsonSerializer.Serialize(problem.Columns);
    }

    /// <summary>Reads a dataset; all bad rows, up to a number, are named in one error.</summary>
    private TaskProblem[] Read(string path, string? splitColumn)
    {
        lock (_read)
        {
            if (_read.TryGetValue(path, out TaskProblem[]? known)) return known;
            List<TaskProblem> problems = [];
            List<string> bad = [];
            foreach (DatasetRow row in FileSet.OnDisk(path).SelectMany(Rows))
            {
                try
                {
                    JsonElement columns = row.Read();
                    problems.AddRange(ProblemsOf(columns, row.Place));
                    if (splitColumn is not null) RequireSplit(columns, splitColumn, row.Place);
                }
                catch (EvoluteInputException e)
                {
                    bad.Add(e.Message);
                    if (bad.Count == MostBadRows) break;
                }
            }
            if (bad.Count > 0) throw new EvoluteInputException(string.Join('\n', bad) + (bad.Count == MostBadRows ? $"\n{path}: only the first {MostBadRows} bad rows are named." : ""));
            if (problems.Count == 0) throw new EvoluteInputException($"{path} has no rows. {Source}");
            return _read[path] = [.. problems];
        }
    }

    private static void RequireSplit(JsonElement row, string column, string place)
    {
        string name = TaskRow.Text(row, column, place);
        if (DatasetSplit.Named(name) is null) throw new EvoluteInputException($"{place}: column '{column}' must be train, validation or test, not '{name}'.");
    }

    private static string Lower(TaskSplit split) => split.ToString().ToLowerInvariant();
}
