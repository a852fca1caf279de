using Evolute.Tasks;

namespace Evolute.Evolution;

/// <summary>A problem with its prompt as token ids.</summary>
public sealed record EncodedProblem(TaskProblem Problem, int[] Ids);
