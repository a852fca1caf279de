using System.Text.Json.Nodes;
using Evolute.Tasks.Arc;
using Evolute.Tasks.Conciseness;
using Evolute.Tasks.Countdown;
using Evolute.Tasks.GradeSchool;
using Evolute.Tasks.Mathematics;
using Evolute.Tasks.Rows;
using Evolute.Tasks.Sudoku;

namespace Evolute.Tasks;

/// <summary>The built-in tasks by name.</summary>
public static class TaskCatalog
{
    private static readonly SortedDictionary<string, Func<JsonObject, TuningTask>> Factories = new(StringComparer.Ordinal)
    {
        [ArcTask.TaskName] = options => new ArcTask(options),
        [ConcisenessTask.TaskName] = options => new ConcisenessTask(options),
        [CountdownTask.TaskName] = options => new CountdownTask(CountdownOptions.From(options)),
        [GsmTask.TaskName] = options => new GsmTask(options),
        [JsonlTask.TaskName] = options => new JsonlTask(options),
        [MathTask.TaskName] = options => new MathTask(options),
        [SudokuTask.TaskName] = options => new SudokuTask(options),
    };

    /// <summary>The names that <see cref="Create"/> takes, sorted.</summary>
    public static IReadOnlyList<string> Names => [.. Factories.Keys];

    /// <summary>Makes a task.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">The task's options by key; what is left out has its default.</param>
    /// <exception cref="EvoluteInputException">No such task, no such option, or a value out of range.</exception>
    public static TuningTask Create(string name, JsonObject? options = null) =>
        Factories.TryGetValue(name, out var factory)
            ? factory(options ?? [])
            : throw new EvoluteInputException($"There is no task '{name}'.{Suggestion.For(name, Names)}");
}
