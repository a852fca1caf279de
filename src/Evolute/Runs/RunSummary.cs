namespace Evolute.Runs;

/// <summary>What a finished run came to.</summary>
/// <param name="Folder">The run's folder.</param>
/// <param name="Iterations">Updates made.</param>
/// <param name="Chosen">The iteration whose weights are the result.</param>
/// <param name="Base">The base on the test split.</param>
/// <param name="Final">The result on the test split.</param>
/// <param name="WeightsSha256">SHA-256 of the result's float32 weights.</param>
/// <param name="StoppedEarly">Whether validation stood still and ended the run before its last iteration.</param>
/// <param name="ProbeEvaluations">Evaluations of members or of the base that calibration took.</param>
public sealed record RunSummary(string Folder, int Iterations, int Chosen, EvaluationResult Base, EvaluationResult Final, string WeightsSha256, bool StoppedEarly = false, int ProbeEvaluations = 0);
