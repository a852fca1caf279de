using System.Text.Json;

namespace Evolute.Tasks.Countdown;

/// <summary>Whether the last closed answer uses the numbers exactly once and equals the target.</summary>
internal static class AnswerReward
{
    private const double Tolerance = 1e-5;

    /// <summary>True or false, or null where the reference raises an error instead of an answer.</summary>
    public static bool? IsCorrect(string response, JsonElement numbers, JsonElement target)
    {
        ReadOnlySpan<char> expression = AnswerText.LastExpression(response);
        if (expression.IsEmpty) return false;
        if (UsedNumbers.Match(expression, numbers) is not true and var match) return match;
        return ExpressionParser.Evaluate(expression) is { } value
            && value.ToDouble() is { } result
            && PythonFloatParser.Read(target) is { } wanted
            && Math.Abs(result - wanted) < Tolerance;
    }
}
