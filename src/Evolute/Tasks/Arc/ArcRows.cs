using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Tasks.Data;

namespace Evolute.Tasks.Arc;

/// <summary>
/// The forms that ARC comes in, as rows: a folder of JSON files, one task each; a JSON object of tasks by id, whose solutions may stand in a file beside it (<c>…challenges.json</c> and
/// <c>…solutions.json</c>); JSONL and lists, as of any dataset.
/// </summary>
internal static class ArcRows
{
    private const string Challenges = "challenges", Solutions = "solutions", Id = "id", Test = "test", Output = "output";

    /// <summary>Reads rows.</summary>
    /// <exception cref="EvoluteInputException">A file cannot be read.</exception>
    public static IEnumerable<DatasetRow> Of(string path)
    {
        if (Directory.Exists(path)) return OfFolder(path);
        if (!path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) return DatasetRows.Of(path);
        JsonElement root = DatasetRows.Whole(path);
        if (root.ValueKind != JsonValueKind.Object) return DatasetRows.Of(path);
        return root.TryGetProperty(Test, out _) ? [new(path, () => Named(root, Path.GetFileNameWithoutExtension(path)))] : OfObject(root, path);
    }

    private static IEnumerable<DatasetRow> OfFolder(string path)
    {
        string[] files = [.. Directory.GetFiles(path, "*.json").Order(StringComparer.Ordinal)];
        if (files.Length == 0) throw new EvoluteInputException($"{path}: the folder has no .json files; name a folder with one task a file.");
        return files.Select(file => new DatasetRow(file, () => Named(DatasetRows.Whole(file), Path.GetFileNameWithoutExtension(file))));
    }

    private static IEnumerable<DatasetRow> OfObject(JsonElement tasks, string path)
    {
        JsonElement? solutions = SolutionsOf(path) is { } file ? DatasetRows.Whole(file) : null;
        return tasks.EnumerateObject().Select(task => new DatasetRow($"{path}, task {task.Name}", () => Solved(Named(task.Value, task.Name), task.Name, solutions, path)));
    }

    /// <summary>The file that has the solutions to one with challenges, where there is one.</summary>
    public static string? SolutionsBeside(string path) => NameOfSolutions(path) is { } solutions && File.Exists(solutions) ? solutions : null;

    private static string? NameOfSolutions(string path)
    {
        string name = Path.GetFileName(path);
        return name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && name.Contains(Challenges, StringComparison.Ordinal)
            ? Path.Combine(Path.GetDirectoryName(path)!, name.Replace(Challenges, Solutions, StringComparison.Ordinal))
            : null;
    }

    /// <summary>The file with the solutions to one with challenges, or null where the challenges hold their own.</summary>
    private static string? SolutionsOf(string path)
    {
        if (NameOfSolutions(path) is not { } solutions) return null;
        return File.Exists(solutions) ? solutions : throw new EvoluteInputException($"{path}: its solutions are not beside it as {Path.GetFileName(solutions)}; put them there, since without them no answer can be judged.");
    }

    private static JsonElement Named(JsonElement task, string id)
    {
        if (task.ValueKind != JsonValueKind.Object || task.TryGetProperty(Id, out _)) return task;
        JsonObject row = JsonObject.Create(task.Clone())!;
        row.Insert(0, Id, id);
        return JsonSerializer.SerializeToElement(row);
    }

    private static JsonElement Solved(JsonElement task, string id, JsonElement? solutions, string path)
    {
        if (solutions is not { } all) return task;
        if (all.ValueKind != JsonValueKind.Object || !all.TryGetProperty(id, out JsonElement grids) || grids.ValueKind != JsonValueKind.Array)
            throw new EvoluteInputException($"{path}, task {id} has no list of solutions in {Path.GetFileName(SolutionsOf(path))}.");
        JsonObject row = JsonObject.Create(task.Clone())!;
        if (row[Test] is not JsonArray tests || tests.Count != grids.GetArrayLength() || !tests.All(t => t is JsonObject))
            throw new EvoluteInputException($"{path}, task {id} has not as many solutions as test inputs.");
        for (int i = 0; i < tests.Count; i++) tests[i]![Output] = JsonNode.Parse(grids[i].GetRawText());
        return JsonSerializer.SerializeToElement(row);
    }
}
