using System.Text.Json;

namespace Evolute.Tasks.Rows;

/// <summary>The response, or the last fenced block in it, is the same JSON value as the answer, which may be JSON in a text.</summary>
internal sealed class JsonMatch : ResponseMatch
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <inheritdoc/>
    public override void Check(JsonElement answer, string column, string place)
    {
    }

    /// <inheritdoc/>
    public override bool Holds(JsonElement answer, string response)
    {
        using JsonDocument? given = Parse(response);
        if (given is null) return false;
        if (JsonElement.DeepEquals(answer, given.RootElement)) return true;
        if (answer.ValueKind != JsonValueKind.String) return false;
        using JsonDocument? inText = ParseText(answer.ToString());
        return inText is not null && JsonElement.DeepEquals(inText.RootElement, given.RootElement);
    }

    /// <summary>The JSON that a response gives; null where it gives none.</summary>
    public static JsonDocument? Parse(string response) => ParseText(Fenced(response).Trim().ToString());

    /// <summary>A text as JSON; null where it is none.</summary>
    public static JsonDocument? ParseText(string text)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(text, Strict);
            // Halves of surrogate pairs are found only when a string is read.
            JsonText.Require(System.Text.Encoding.UTF8.GetBytes(text), document.RootElement);
            return document;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            document?.Dispose();
            return null;
        }
    }

    // The last block between ``` lines, the language's name apart; the whole text without one.
    private static ReadOnlySpan<char> Fenced(ReadOnlySpan<char> text)
    {
        int close = text.LastIndexOf("```", StringComparison.Ordinal);
        int open = close < 0 ? -1 : text[..close].LastIndexOf("```", StringComparison.Ordinal);
        if (open < 0) return text;
        ReadOnlySpan<char> block = text[(open + 3)..close];
        int line = block.IndexOf('\n');
        return line < 0 ? block : block[(line + 1)..];
    }
}
