using System.Globalization;
using Evolute.Models;

namespace Evolute.Cli.Flags;

/// <summary>A number, or <c>auto</c> for one that the run finds itself.</summary>
/// <param name="IsAuto">Whether the run finds it.</param>
/// <param name="Value">The number; for <c>auto</c> the one to begin with; null for that of a place that counts less, or the default.</param>
internal readonly record struct AutoNumber(bool IsAuto, double? Value)
{
    private const string Auto = "auto";

    /// <summary><c>--sigma X</c>, <c>auto</c> or <c>auto:X</c>.</summary>
    public static Flag<AutoNumber> Sigma(double defaultValue) => new(
        new TextOption("sigma", string.Create(CultureInfo.InvariantCulture, $"scale of the perturbations, σ; auto finds it, beginning with the model's own, auto:X beginning with X (default {defaultValue})"), "X|auto|auto:X"), new(false, defaultValue),
        (texts, place) =>
        {
            string text = FlagKinds.Single(texts, place);
            if (text == Auto) return new(true, null);
            return text.StartsWith(Auto + ":", StringComparison.Ordinal) ? new(true, Number(text[(Auto.Length + 1)..], place, "0.01, auto or auto:0.01")) : new(false, Number(text, place, null));
        });

    /// <summary><c>--learning-rate X</c> or <c>auto</c>; it takes no value to begin with, since it follows σ.</summary>
    public static Flag<AutoNumber> LearningRate() => new(
        new TextOption("learning-rate", "step size α, with 1/σ folded in; auto begins with σ/2 and goes down where progress ends (default: σ/2)", "X|auto"), new(false, null),
        (texts, place) =>
        {
            string text = FlagKinds.Single(texts, place);
            if (text.StartsWith(Auto + ":", StringComparison.Ordinal)) throw new EvoluteInputException($"{place}: auto takes no starting value, since the learning rate follows σ; write auto, and a starting value at --sigma auto:X.");
            return text == Auto ? new(true, null) : new(false, Number(text, place, null));
        });

    /// <summary>As people write it.</summary>
    public static string Text(bool isAuto, double? value) => string.Create(CultureInfo.InvariantCulture, $"{(isAuto ? value is null ? Auto : Auto + ":" : "")}{value}");

    private static double Number(string text, string place, string? forms) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value)
            ? double.IsFinite(value) ? value : throw new EvoluteInputException($"{place}: {Quoted.Text(text)} is not a finite number.")
            : throw new EvoluteInputException($"{place}: {Quoted.Text(text)} is not a number{(forms is null ? "" : $"; write {forms}")}.");
}
