using System.IO.Enumeration;
using System.Text.Json.Serialization;
using Evolute.Models;

namespace Evolute.Evolution;

/// <summary>Which tensors a run trains, by patterns over their names in which * stands for any text and ? for one character. The others get no noise and no update.</summary>
public sealed record ParameterSelection
{
    /// <summary>Only tensors that match one of these are trained; empty for all.</summary>
    public IReadOnlyList<string> TrainOnly { get; init; } = [];

    /// <summary>Tensors that match one of these are not trained.</summary>
    public IReadOnlyList<string> Freeze { get; init; } = [];

    /// <summary>Whether there is no pattern.</summary>
    [JsonIgnore]
    public bool IsEverything => TrainOnly.Count + Freeze.Count == 0;

    /// <summary>Whether a tensor is trained.</summary>
    public bool Trains(string name) => (TrainOnly.Count == 0 || TrainOnly.Any(p => Matches(p, name))) && !Freeze.Any(p => Matches(p, name));

    /// <summary>Checks that every pattern matches something and something is left to train.</summary>
    /// <param name="tensors">The model's.</param>
    /// <exception cref="EvoluteInputException">It is not so; the sentence names the flag.</exception>
    public void Validate(IEnumerable<TensorSpec> tensors)
    {
        string[] names = [.. tensors.Select(t => t.Name).Order(StringComparer.Ordinal)];
        foreach (string pattern in TrainOnly) RequireMatch("--train-only", pattern, names);
        foreach (string pattern in Freeze) RequireMatch("--freeze", pattern, names);
        if (!names.Any(Trains)) throw new EvoluteInputException("--freeze leaves no tensor to train; take a pattern away.");
    }

    /// <summary>Marks the tensors that are not trained.</summary>
    internal void ApplyTo(WeightTable weights)
    {
        foreach (WeightTensor tensor in weights.Tensors) tensor.Frozen = !Trains(tensor.Name);
    }

    private static void RequireMatch(string flag, string pattern, IReadOnlyList<string> names)
    {
        if (names.Any(name => Matches(pattern, name))) return;
        string[] nearest = [.. names.OrderBy(name => Suggestion.EditDistance(pattern, name)).Take(3)];
        throw new EvoluteInputException($"{flag}: no tensor of the model matches {Quoted.Text(pattern)}. The nearest names: {string.Join(", ", nearest)}; * stands for any text.");
    }

    private static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
