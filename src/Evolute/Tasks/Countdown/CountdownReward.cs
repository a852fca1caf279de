using System.Collections.Immutable;
using System.Text.Json;

namespace Evolute.Tasks.Countdown;

/// <summary>The paper's reward, 0.1 · format + answer, without Python and without anything like <c>eval</c>.</summary>
internal static class CountdownReward
{
    public const string NumbersColumn = "numbers", ShortNumbersColumn = "nums", TargetColumn = "target", EndTokenColumn = "end_token";

    private const string Format = "format", Answer = "answer";
    private const double FormatWeight = 0.1;

    public static readonly ImmutableArray<string> PartNames = [Format, Answer];

    /// <summary>Scores a response; where the reference raises an error instead of a reward, the score is 0.</summary>
    public static RewardResult Score(JsonElement columns, string response)
    {
        string? endToken = Column(columns, EndTokenColumn) is { ValueKind: JsonValueKind.String } token ? token.GetString() : null;
        double format = FormatReward.Score(response, endToken);
        bool? correct = AnswerReward.IsCorrect(response, Numbers(columns), Column(columns, TargetColumn));
        double answer = correct == true ? 1 : 0;
        return new RewardResult(
            correct is null ? 0 : FormatWeight * format + answer,
            new Dictionary<string, double>(PartNames.Length) { [Format] = format, [Answer] = answer },
            correct == true);
    }

    /// <summary>A row's numbers under either name that they have in datasets.</summary>
    public static JsonElement Numbers(JsonElement columns) => Column(columns, columns.TryGetProperty(NumbersColumn, out _) ? NumbersColumn : ShortNumbersColumn);

    // A column that is not there reads as null, as it does in Python's row.get(name).
    private static JsonElement Column(JsonElement columns, string name) =>
        columns.TryGetProperty(name, out JsonElement value) ? value : Null;

    private static readonly JsonElement Null = JsonElement.Parse("null");
}
