using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Evolute.Generation;

namespace Evolute.Rewards;

/// <summary>What goes to an external scorer and what comes back: one JSON object a response, matched by <c>id</c> (docs/REWARDS.md).</summary>
internal static partial class RewardProtocol
{
    /// <summary>The longest answer to one response, in characters.</summary>
    public const int LongestLine = 1 << 20;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The row of a response.</summary>
    public static JsonObject Row(long id, RewardCompletion completion)
    {
        JsonObject row = new() { ["id"] = id, ["problem"] = completion.Problem.Id, ["prompt"] = completion.Prompt };
        if (completion.Problem.Messages is { } messages) row["messages"] = new JsonArray([.. messages.Select(m => JsonNode.Parse(m.GetRawText()))]);
        row["response"] = completion.Text;
        row["finish"] = completion.Finish == FinishReason.Stop ? "stop" : "length";
        row["tokens"] = completion.TokenIds.Count;
        row["row"] = JsonNode.Parse(completion.Row.ValueKind == JsonValueKind.Undefined ? "{}" : completion.Row.GetRawText());
        return row;
    }

    /// <summary>As one line.</summary>
    public static string Line(JsonNode row) => row.ToJsonString(Json);

    /// <summary>Reads an answer.</summary>
    /// <param name="text">A line of an answer.</param>
    /// <returns>The id, or null where none can be read, and the value; a failed value says what is wrong.</returns>
    public static (long? Id, RewardValue Value) Answer(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(NotNumber().IsMatch(text) && !IsJson(text) ? NotNumber().Replace(text, "$1\"$2\"") : text);
            return Answer(document.RootElement);
        }
        catch (JsonException)
        {
            return (null, RewardValue.Failed($"gave a line that is not JSON: {Shown(text)}"));
        }
    }

    /// <summary>Reads an answer.</summary>
    public static (long? Id, RewardValue Value) Answer(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object) return (null, RewardValue.Failed($"gave {Shown(answer.GetRawText())}, not an object with id and reward"));
        if (!answer.TryGetProperty("id", out JsonElement idValue) || idValue.ValueKind != JsonValueKind.Number || !idValue.TryGetInt64(out long id))
            return (null, RewardValue.Failed($"gave an answer without the id of a row: {Shown(answer.GetRawText())}"));
        if (!answer.TryGetProperty("reward", out JsonElement reward)) return (id, RewardValue.Failed($"gave an answer without 'reward': {Shown(answer.GetRawText())}"));
        if (reward.ValueKind == JsonValueKind.Null) return (id, RewardValue.NotApplicable);
        if (Number(reward) is not { } score) return (id, RewardValue.Failed($"gave the reward {Shown(reward.GetRawText())}, which is not a finite number"));
        bool? correct = null;
        if (answer.TryGetProperty("correct", out JsonElement says) && says.ValueKind != JsonValueKind.Null)
        {
            if (says.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return (id, RewardValue.Failed($"gave 'correct' as {Shown(says.GetRawText())}, not true or false"));
            correct = says.GetBoolean();
        }
        SortedDictionary<string, double> parts = new(StringComparer.Ordinal);
        if (answer.TryGetProperty("parts", out JsonElement given) && given.ValueKind != JsonValueKind.Null)
        {
            if (given.ValueKind != JsonValueKind.Object) return (id, RewardValue.Failed($"gave 'parts' as {Shown(given.GetRawText())}, not an object of numbers"));
            foreach (JsonProperty part in given.EnumerateObject())
                if (Number(part.Value) is { } value) parts[part.Name] = value;
                else return (id, RewardValue.Failed($"gave the part {Shown(part.Name)} as {Shown(part.Value.GetRawText())}, which is not a finite number"));
        }
        return (id, new RewardValue { Score = score, Parts = parts, Correct = correct });
    }

    /// <summary>The beginning of something that a scorer wrote, without control characters.</summary>
    public static string Shown(string text)
    {
        string start = text.Length > 200 ? text[..200] + "…" : text;
        return string.Concat(start.Select(c => char.IsControl(c) ? ' ' : c));
    }

    private static double? Number(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number when element.TryGetDouble(out double value) && double.IsFinite(value) => value,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => null,
    };

    private static bool IsJson(string text)
    {
        try
        {
            JsonDocument.Parse(text).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>What some JSON writers make of numbers that are none.</summary>
    [GeneratedRegex(@"(:\s*)(NaN|-?Infinity)\b", RegexOptions.NonBacktracking)]
    private static partial Regex NotNumber();
}
