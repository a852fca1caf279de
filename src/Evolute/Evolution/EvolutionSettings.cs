using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Evolute.Engines;
using Evolute.Generation;
using Evolute.Noise;

namespace Evolute.Evolution;

/// <summary>Everything that shapes an evolution's results. The defaults are those of arXiv 2509.24372.</summary>
public sealed record EvolutionSettings
{
    /// <summary>The largest σ and α.</summary>
    internal const double MaxStep = 1e6;

    /// <summary>Members of the population, N.</summary>
    public int Population { get; init; } = 30;

    /// <summary>
    /// Whether members come in pairs that use the same noise with opposite signs (mirrored or antithetic sampling), so that an update makes half the
    /// noise again; the population is even then.
    /// </summary>
    public bool Mirrored { get; init; }

    /// <summary>How members' noise is made.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public NoiseKind Noise { get; init; }

    /// <summary>How rewards become coefficients.</summary>
    public Shaping Shaping { get; init; }

    /// <summary>Weights of the parts of the task's reward; empty for the task's own sum. Evaluations use them as well.</summary>
    public IReadOnlyDictionary<string, double> RewardWeights { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>Scale of the perturbations, σ: members are evaluated at θ + σ·ε.</summary>
    public double Sigma { get; init; } = 0.001;

    /// <summary>Step size α of θ ← θ + (α/N)·Σ zₙ εₙ (1/σ is folded in); the paper takes σ/2.</summary>
    public double LearningRate { get; init; } = 0.0005;

    /// <summary>Whether the run finds σ itself: by probe populations, beginning with <see cref="Sigma"/>, and from iteration to iteration.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AutoSigma { get; init; }

    /// <summary>Whether the run sets α itself, from σ and the progress that it makes; <see cref="LearningRate"/> is not used then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AutoLearningRate { get; init; }

    /// <summary>Whether the run sets one of the two itself.</summary>
    [JsonIgnore]
    public bool IsTuned => AutoSigma || AutoLearningRate;

    /// <summary>How α goes down over the iterations.</summary>
    public Schedule Schedule { get; init; }

    /// <summary>Iterations over which α rises straight from near 0 before the schedule begins; 0 for none.</summary>
    public int Warmup { get; init; }

    /// <summary>How σ goes down over the iterations.</summary>
    public Schedule SigmaSchedule { get; init; }

    /// <summary>How the weights follow the estimates.</summary>
    public UpdateRule Update { get; init; } = new();

    /// <summary>Which tensors are trained.</summary>
    public ParameterSelection Parameters { get; init; } = new();

    /// <summary>Updates to make.</summary>
    public int Iterations { get; init; } = 500;

    /// <summary>Different training problems.</summary>
    public int TrainProblems { get; init; } = 200;

    /// <summary>Prompts of an iteration, the same for every member.</summary>
    public int Prompts { get; init; } = 200;

    /// <summary>The most new tokens of a response.</summary>
    public int MaxNewTokens { get; init; } = 1024;

    /// <summary>Ends a response that repeats a cycle of up to 64 tokens so many times in a row, which counts as cut off; 0 never does, as in the paper.</summary>
    public int StopLoops { get; init; }

    /// <summary>0 for greedy decoding, as in the paper.</summary>
    public double Temperature { get; init; }

    /// <summary>The seed of noise, prompts and draws.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>α of one iteration.</summary>
    public double LearningRateAt(int iteration) => Schedule.At(LearningRate, iteration, Iterations, Warmup);

    /// <summary>σ of one iteration.</summary>
    public double SigmaAt(int iteration) => SigmaSchedule.At(Sigma, iteration, Iterations);

    /// <summary>How responses are made.</summary>
    public GenerationSettings Generation(IReadOnlyList<string> stopStrings) =>
        new() { MaxNewTokens = MaxNewTokens, Sampling = new((float)Temperature), StopStrings = stopStrings, StopLoops = StopLoops };

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="EvoluteInputException">A value is out of range; the sentence names the flag.</exception>
    public void Validate()
    {
        Require(Population >= 2, "--population must be at least 2, since rewards are compared within it", Population);
        Require(!Mirrored || Population % 2 == 0, "--population must be even with --mirrored, whose members come in pairs", Population);
        if (Shaping == Shaping.Sign && !Mirrored) throw new EvoluteInputException("--shaping sign compares the two members of a pair, so it needs --mirrored.");
        Noise.Validate(Population, Mirrored);
        Require(Population <= 1 << 20, "--population must be at most 1048576", Population);
        // Below float.Epsilon the kernels would see 0.
        Require((float)Sigma > 0 && Sigma <= 1e6, "--sigma must be above 0 and at most 1e6", Sigma);
        Require((float)(LearningRate / Population) > 0 && LearningRate <= 1e6, "--learning-rate must be above 0 and at most 1e6", LearningRate);
        if (AutoSigma && SigmaSchedule != Schedule.Constant) throw new EvoluteInputException("--sigma auto sets σ at every iteration, so it cannot follow --sigma-schedule; leave one of the two out.");
        if (AutoLearningRate && (Schedule != Schedule.Constant || Warmup > 0))
            throw new EvoluteInputException("--learning-rate auto sets the learning rate at every iteration, so it cannot follow --schedule or --warmup; leave one of the two out.");
        Update.Validate(LearningRate);
        Require(Iterations >= 1, "--iterations must be at least 1", Iterations);
        Require(Warmup >= 0 && Warmup <= Iterations, $"--warmup must be from 0 to --iterations ({Iterations})", Warmup);
        Require(Prompts >= 1, "--prompts must be at least 1", Prompts);
        Require(TrainProblems >= Prompts, $"--train-problems must be at least --prompts ({Prompts})", TrainProblems);
        Generation([]).Validate();
    }

    private static void Require<T>(bool holds, string rule, T value) where T : IFormattable
    {
        if (!holds) throw new EvoluteInputException($"{rule}; it is {value.ToString(null, System.Globalization.CultureInfo.InvariantCulture)}.");
    }
}
