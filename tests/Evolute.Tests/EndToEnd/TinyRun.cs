using System.Globalization;

namespace Evolute.Tests.EndToEnd;

/// <summary>
/// A training run of seconds on the bundled model. Its steps are larger than anyone would take, so that rewards differ and its iterations
/// move the weights.
/// </summary>
internal sealed record TinyRun
{
    public int Population { get; init; } = 4;

    public int Prompts { get; init; } = 4;

    public int Iterations { get; init; } = 3;

    public int EvalProblems { get; init; } = 8;

    public int EvalEvery { get; init; }

    public int CheckpointEvery { get; init; }

    public double Temperature { get; init; }

    public string Sigma { get; init; } = "0.03";

    public string LearningRate { get; init; } = "0.01";

    /// <summary>Further flags, with spaces between.</summary>
    public string More { get; init; } = "";

    /// <summary>The command line that begins the run. All that shapes it is given, whatever settings the model comes with.</summary>
    public string[] Train(string output, params string[] more) =>
    [
        "train", "countdown", "--output", output, "--json", "--train-problems", "16", "--max-new-tokens", "24", "--sigma", Sigma, "--learning-rate", LearningRate,
        "--schedule", "constant", "--seed", "7",
        .. Flag("population", Population), .. Flag("prompts", Prompts), .. Flag("iterations", Iterations), .. Flag("eval-problems", EvalProblems),
        .. Flag("eval-every", EvalEvery), .. Flag("checkpoint-every", CheckpointEvery), .. Flag("temperature", Temperature),
        .. More.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. more,
    ];

    /// <summary>The command line that goes on with a run.</summary>
    public static string[] Resume(string output, params string[] more) => ["train", "countdown", "--resume", "--output", output, "--json", .. more];

    private static string[] Flag<T>(string name, T value) where T : IFormattable => ["--" + name, value.ToString(null, CultureInfo.InvariantCulture)];
}
