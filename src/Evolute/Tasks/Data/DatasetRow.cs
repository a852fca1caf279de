using System.Text.Json;

namespace Evolute.Tasks.Data;

/// <summary>A row of a dataset before it is read, so that one that is bad does not hide those behind it.</summary>
/// <param name="Place">File and row for error sentences, e.g. <c>answers.jsonl, row 3</c>.</param>
/// <param name="Read">Reads the row; once, before the next one is asked for.</param>
internal readonly record struct DatasetRow(string Place, Func<JsonElement> Read);
