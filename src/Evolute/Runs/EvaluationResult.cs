namespace Evolute.Runs;

/// <summary>How a model did on the problems of a split.</summary>
/// <param name="Split">Which problems.</param>
/// <param name="Iteration">How many updates the weights had had.</param>
/// <param name="Count">How many problems.</param>
/// <param name="Correct">How many were solved.</param>
/// <param name="Reward">Mean reward.</param>
/// <param name="Parts">Means of its parts.</param>
/// <param name="Measures">Means of what the task measures besides.</param>
/// <param name="Length">Mean response length in tokens.</param>
/// <param name="Truncated">Share of responses that the token limit cut off.</param>
public sealed record EvaluationResult(
    string Split, int Iteration, int Count, int Correct, double Reward, IReadOnlyDictionary<string, double> Parts, IReadOnlyDictionary<string, double> Measures,
    double Length, double Truncated)
{
    /// <summary>Share of problems solved, 0..1.</summary>
    public double Accuracy => Count == 0 ? 0 : (double)Correct / Count;

    /// <summary>The 95 % interval of <see cref="Accuracy"/>.</summary>
    public WilsonInterval Interval => WilsonInterval.Of(Correct, Count);
}
