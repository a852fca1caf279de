using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Models;

namespace Evolute.Cli;

/// <summary>Reads <c>--task-option key=value</c>.</summary>
internal static class TaskOptions
{
    /// <summary>The options as an object: numbers, true and false as such, anything else as text.</summary>
    /// <exception cref="EvoluteInputException">A text is not <c>key=value</c>, or a key is there twice.</exception>
    public static JsonObject Read(IReadOnlyList<string> texts, string place)
    {
        JsonObject options = [];
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw new EvoluteInputException($"{place}: {Quoted.Text(text)} is not KEY=VALUE.");
            if (!options.TryAdd(text[..equals], Value(text[(equals + 1)..])))
                throw new EvoluteInputException($"{place}: {Quoted.Text(text[..equals])} is given twice.");
        }
        return options;
    }

    /// <summary>A bare text as the JSON value that it looks like.</summary>
    public static JsonNode Value(string text)
    {
        if (text is "true" or "false" || (text.Length > 0 && text[0] is '-' or (>= '0' and <= '9')))
        {
            try
            {
                return JsonNode.Parse(text)!;
            }
            catch (JsonException)
            {
                // Not a number as JSON writes them (007, 1-2): a text.
            }
        }
        return JsonValue.Create(text);
    }
}
