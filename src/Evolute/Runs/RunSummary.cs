namespace Evolute.Runs;

/// <summary>What a finished run came to.</summary>
/// <param name="Folder">The run's folder.</param>
/// <param name="Iterations">Updates made.</param>
/// <param name="Chosen">The iteration whose weights are the result.</param>
/// <param name="Base">The base on the test split.</param>
/// <param name="Final">The result on the test split.</param>
/// <param name="WeightsSha256">SHA-256 of the result's float32 weights.</param>
public sealed record RunSummary(string Folder, int Iterations, int Chosen, EvaluationResult Base, EvaluationResult Final, string WeightsSha256);
