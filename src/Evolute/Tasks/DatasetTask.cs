using System.Text;
using System.Text.Json;
using Evolute.Noise;

namespace Evolute.Tasks;

/// <summary>
/// A task whose problems are rows of local JSONL files. Where one file serves several splits, its different problems in the order of their hashes are divided: a tenth for tests, a tenth
/// for validation, the rest for training; a split with a file of its own takes nothing of the common one. Training problems are in an order that follows the seed, others in the file's.
/// </summary>
public abstract class DatasetTask : TuningTask
{
    private const int MostBadRows = 20;
    private const uint Domain = 0x44415441, Version = 1;

    private readonly DatasetFiles _files;
    private readonly Dictionary<string, TaskProblem[]> _read = new(StringComparer.Ordinal);

    private protected DatasetTask(DatasetFiles files) => _files = files;

    /// <summary>One sentence: where to get the data, and the columns; for when no file is given.</summary>
    protected abstract string Source { get; }

    /// <summary>The columns of which the first that a row has tells its problem from others.</summary>
    protected abstract IReadOnlyList<string> KeyColumns { get; }

    /// <summary>Problems that need no file, by split; none by default.</summary>
    protected virtual IReadOnlyList<TaskProblem> BuiltIn(TaskSplit split) => [];

    /// <inheritdoc/>
    public override IReadOnlyList<TaskProblem> Problems(TaskSplit split, int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        TaskProblem[] all = All(split);
        if (count > all.Length)
            throw new EvoluteInputException($"The task {Name} has {all.Length} {split.ToString().ToLowerInvariant()} problems, not {count}: "
                + (split == TaskSplit.Train ? $"say --train-problems {all.Length} (and no more --prompts), or give a larger file." : $"say --eval-problems {all.Length}, or give a larger file."));
        return split == TaskSplit.Train ? [.. Shuffled(all, seed).Take(count)] : all[..count];
    }

    private TaskProblem[] All(TaskSplit split)
    {
        if (_files.Own(split) is { } own) return Read(own);
        if (_files.Dataset is { } shared) return Share(Read(shared), split);
        TaskProblem[] builtIn = [.. BuiltIn(split)];
        return builtIn.Length > 0 ? builtIn
            : throw new EvoluteInputException($"The task {Name} reads its {split.ToString().ToLowerInvariant()} problems from a file: --task-option {(split == TaskSplit.Train ? "dataset" : $"{split.ToString().ToLowerInvariant()}-dataset")}=FILE.jsonl. {Source}");
    }

    // By the problem, not by the prompt, so that a problem stays in its split whatever the prompt's words.
    private TaskProblem[] Share(TaskProblem[] problems, TaskSplit split)
    {
        // What a split has in a file of its own is in no other split.
        HashSet<string> elsewhere = new(StringComparer.Ordinal);
        foreach (string? file in (string?[])[_files.Validation, _files.Test])
            if (file is not null) elsewhere.UnionWith(Read(file).Select(Key));
        problems = [.. problems.Where(p => !elsewhere.Contains(Key(p)))];
        string[] all = [.. problems.Select(Key).Distinct(StringComparer.Ordinal).OrderBy(Hash).ThenBy(k => k, StringComparer.Ordinal)];
        int tenth = Math.Max(1, all.Length / 10), tests = _files.Test is null ? tenth : 0, validations = _files.Validation is null ? tenth : 0;
        HashSet<string> mine = new(StringComparer.Ordinal);
        mine.UnionWith(split switch
        {
            TaskSplit.Test => all.Take(tests),
            TaskSplit.Validation => all.Skip(tests).Take(validations),
            _ => all.Skip(tests + validations),
        });
        return [.. problems.Where(p => mine.Contains(Key(p)))];
    }

    private string Key(TaskProblem problem)
    {
        foreach (string column in KeyColumns)
            if (problem.Columns.TryGetProperty(column, out JsonElement value)) return value.ToString();
        return problem.Prompt;
    }

    private static ulong Hash(string text)
    {
        ulong hash = TensorId.Fnv1a64(Encoding.UTF8.GetBytes(text));
        // FNV's high bits know little of a text's end.
        var (w0, w1, _, _) = Philox.Block((uint)hash, (uint)(hash >> 32), Domain, Version, 0, 0);
        return w0 | (ulong)w1 << 32;
    }

    // By counters: the order is a function of the seed and the places alone.
    private static IEnumerable<TaskProblem> Shuffled(TaskProblem[] problems, ulong seed) => problems.Index()
        .OrderBy(p =>
        {
            var (w0, w1, _, _) = Philox.Block((uint)p.Index, 1, Domain, Version, (uint)seed, (uint)(seed >> 32));
            return w0 | (ulong)w1 << 32;
        })
        .ThenBy(p => p.Index).Select(p => p.Item);

    /// <summary>Reads a file; all bad rows, up to a number, are named in one error.</summary>
    private TaskProblem[] Read(string path)
    {
        lock (_read)
        {
            if (_read.TryGetValue(path, out TaskProblem[]? known)) return known;
            List<TaskProblem> problems = [];
            List<string> bad = [];
            using Stream stream = Open(path);
            foreach ((ReadOnlyMemory<byte> line, string place) in JsonLines.Lines(stream, path))
            {
                try
                {
                    problems.Add(FromRow(JsonLines.Parse(line, place), place));
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

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new EvoluteInputException($"--task-option dataset: the file '{path}' cannot be read: {e.Message}", e);
        }
    }
}
