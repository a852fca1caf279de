using System.Globalization;
using Evolute.Models;

namespace Evolute.Cli.Flags;

/// <summary>The flag <c>--stop-when plateau:K</c>.</summary>
internal static class StopWhen
{
    private const string Never = "never", Plateau = "plateau:";

    /// <summary>The flag; its value is K, or 0 for never.</summary>
    public static Flag<int> Flag() => new(
        new TextOption("stop-when", "plateau:K ends the run when validation has not gained more than its noise for K evaluations (default never)", "plateau:K|never"), 0,
        (texts, place) =>
        {
            string text = FlagKinds.Single(texts, place);
            if (text == Never) return 0;
            return text.StartsWith(Plateau, StringComparison.Ordinal) && int.TryParse(text.AsSpan(Plateau.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int evaluations) && evaluations >= 1
                ? evaluations
                : throw new EvoluteInputException($"{place}: {Quoted.Text(text)} is not plateau:K with K from 1, or never; write plateau:3, say.");
        });

    /// <summary>As people write it.</summary>
    public static string Text(int evaluations) => evaluations == 0 ? Never : string.Create(CultureInfo.InvariantCulture, $"{Plateau}{evaluations}");
}
