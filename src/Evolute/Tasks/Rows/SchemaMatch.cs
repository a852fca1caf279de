using System.Collections.Concurrent;
using System.Text.Json;

namespace Evolute.Tasks.Rows;

/// <summary>The response, or the last fenced block in it, is JSON that a schema describes: one for all rows, or each row's own in the answer column.</summary>
internal sealed class SchemaMatch : ResponseMatch
{
    private const int MaxSchemas = 10_000;

    private readonly JsonSchema? _common;
    private readonly ConcurrentDictionary<string, JsonSchema> _schemas = new(StringComparer.Ordinal);

    /// <summary>A match.</summary>
    /// <param name="schema">The schema of all rows as JSON; null where each row has its own.</param>
    /// <exception cref="EvoluteInputException">It is none, or has a keyword that is not known.</exception>
    public SchemaMatch(string? schema) => _common = schema is null ? null : Read(schema, "The task jsonl's option 'schema'");

    /// <inheritdoc/>
    public override bool NeedsAnswer => _common is null;

    /// <inheritdoc/>
    public override void Check(JsonElement answer, string column, string place) => Of(answer, $"{place}: column '{column}'");

    /// <inheritdoc/>
    public override bool Holds(JsonElement answer, string response)
    {
        using JsonDocument? given = JsonMatch.Parse(response);
        return given is not null && (_common ?? Of(answer, "The answer")).Describes(given.RootElement);
    }

    private JsonSchema Of(JsonElement answer, string what)
    {
        string text = answer.ValueKind == JsonValueKind.String ? answer.ToString() : answer.GetRawText();
        if (_schemas.TryGetValue(text, out JsonSchema? known)) return known;
        JsonSchema made = Read(text, what);
        if (_schemas.Count < MaxSchemas) _schemas.TryAdd(text, made);
        return made;
    }

    private static JsonSchema Read(string text, string what)
    {
        using JsonDocument document = JsonMatch.ParseText(text) ?? throw new EvoluteInputException($"{what} is not valid JSON, and a schema is.");
        return JsonSchema.Parse(document.RootElement, what);
    }
}
