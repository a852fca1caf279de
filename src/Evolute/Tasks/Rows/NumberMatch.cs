using System.Text.Json;
using Evolute.Tasks.GradeSchool;

namespace Evolute.Tasks.Rows;

/// <summary>The last number of the response is the answer, read as GSM8K's flexible reward reads it.</summary>
/// <param name="tolerance">How far from the answer it may be.</param>
internal sealed class NumberMatch(double tolerance) : ResponseMatch
{
    /// <inheritdoc/>
    public override void Check(JsonElement answer, string column, string place)
    {
        if (GsmAnswer.Flexible(RequireText(answer, column, place)) is null) throw new EvoluteInputException($"{place}: column '{column}' has no number in it.");
    }

    /// <inheritdoc/>
    public override bool Holds(JsonElement answer, string response)
    {
        if (GsmAnswer.Flexible(answer.ToString()) is not { } gold || GsmAnswer.Flexible(response) is not { } found) return false;
        return gold == found || (tolerance > 0 && Math.Abs(gold.ToDouble() - found.ToDouble()) <= tolerance);
    }
}
