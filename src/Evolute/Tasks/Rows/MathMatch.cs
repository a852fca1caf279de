using System.Text.Json;
using Evolute.Tasks.Mathematics;

namespace Evolute.Tasks.Rows;

/// <summary>The response's final answer, in a box or wherever else the task <c>math</c> finds it, is equivalent to the row's.</summary>
internal sealed class MathMatch : ResponseMatch
{
    /// <inheritdoc/>
    public override void Check(JsonElement answer, string column, string place)
    {
        if (string.IsNullOrWhiteSpace(RequireText(answer, column, place))) throw new EvoluteInputException($"{place}: column '{column}' has no answer in it.");
    }

    /// <inheritdoc/>
    public override bool Holds(JsonElement answer, string response)
    {
        string gold = answer.ToString();
        return MathEquivalence.Holds(MathExtraction.Boxed(gold) ?? gold, MathExtraction.Boxed(response) ?? MathExtraction.Final(response));
    }
}
