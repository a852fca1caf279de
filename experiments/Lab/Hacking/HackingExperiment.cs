using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Evolution;
using Evolute.Models;
using Evolute.Runs;
using Evolute.Tasks;

namespace Evolute.Lab.Hacking;

/// <summary>How far forms of evolution exploit a bonus for short answers that asks for no right ones, on the bundled model.</summary>
internal static class HackingExperiment
{
    private const int Iterations = 24, Prompts = 32, Problems = 300, EvaluateEvery = 4;

    private static readonly EvolutionSettings Plain = new()
    {
        Population = 32,
        Sigma = 0.01,
        LearningRate = 0.003,
        Iterations = Iterations,
        Prompts = Prompts,
        TrainProblems = 5000,
        MaxNewTokens = 80,
    };

    private static readonly (string Name, double Weight, EvolutionSettings Settings)[] Forms =
    [
        ("no bonus", 0, Plain),
        ("plain, bonus 2", 2, Plain),
        ("plain", 10, Plain),
        ("mirrored", 10, Plain with { Mirrored = true }),
        ("σ 0.003", 10, Plain with { Sigma = 0.003, LearningRate = 0.0009 }),
        ("anchor L2", 10, Plain with { Update = new() { Anchor = Anchor.L2, AnchorStrength = 30 } }),
        ("anchor L1", 10, Plain with { Update = new() { Anchor = Anchor.L1, AnchorStrength = 0.1 } }),
    ];

    /// <summary>Runs everything.</summary>
    public static void Run(string folder)
    {
        Table curves = new("form", "bonus", "iteration", "reward", "brevity", "accuracy", "tokens", "distance");
        Table table = new("form", "bonus", "brevity: base", "best", "last", "accuracy: base", "best", "last", "tokens: last", "‖Δθ‖: last");
        List<Series> accuracy = [], brevity = [];
        foreach (var (name, weight, settings) in Forms)
        {
            List<(EvaluationResult Result, double Distance)> points = Train(new BrevityTask(weight), settings);
            foreach (var (r, distance) in points) curves.Add('"' + name + '"', weight, r.Iteration, r.Reward, Brevity(r), r.Accuracy, r.Length, distance);
            table.Add(
                name, weight, Brevity(points[0].Result), points.Max(p => Brevity(p.Result)), Brevity(points[^1].Result),
                points[0].Result.Accuracy, points.Max(p => p.Result.Accuracy), points[^1].Result.Accuracy, points[^1].Result.Length, points[^1].Distance);
            double[] x = [.. points.Select(p => (double)p.Result.Iteration)];
            accuracy.Add(new(name, x, [.. points.Select(p => p.Result.Accuracy)]));
            brevity.Add(new(name, x, [.. points.Select(p => Brevity(p.Result))]));
        }
        table.Print();
        curves.WriteCsv(Path.Combine(folder, "reward-hacking.csv"));
        Figure.Write(Path.Combine(folder, "reward-hacking-accuracy.png"), "What was wanted", "iteration", "accuracy on validation problems", accuracy);
        Figure.Write(Path.Combine(folder, "reward-hacking-brevity.png"), "What the bonus counts", "iteration", "brevity on validation problems", brevity);
    }

    private static double Brevity(EvaluationResult result) => result.Parts["brevity"];

    private static List<(EvaluationResult Result, double Distance)> Train(BrevityTask task, EvolutionSettings settings)
    {
        ModelDirectory model = ModelDirectory.Open(BundledModel.Locate());
        PromptEncoder prompts = PromptEncoder.Load(model);
        EncodedProblem[] training = prompts.Encode(task.Problems(TaskSplit.Train, settings.TrainProblems, settings.Seed), settings.MaxNewTokens);
        EncodedProblem[] validation = prompts.Encode(task.Problems(TaskSplit.Validation, Problems, settings.Seed), settings.MaxNewTokens);
        using WeightTable start = model.LoadWeights();
        using TaskSession session = new(task, prompts.Tokenizer, new CpuEngine(model.Spec, start.Clone(), Environment.ProcessorCount));
        List<(EvaluationResult, double)> points = [];
        Evaluate(0);
        new EvolutionLoop(session.Engine, session.Evaluation, training, settings, settings.Generation(task.StopStrings)).Run(1, done =>
        {
            if (done.Iteration % EvaluateEvery == 0) Evaluate(done.Iteration);
        }, CancellationToken.None);
        return points;

        void Evaluate(int iteration) =>
            points.Add((session.Evaluate(TaskSplit.Validation, iteration, validation, settings, CancellationToken.None).Result, Distance(start, session.Engine.Weights)));
    }

    private static double Distance(WeightTable from, WeightTable to)
    {
        double squares = 0;
        for (int t = 0; t < from.Tensors.Count; t++)
        {
            ReadOnlySpan<float> a = from.Tensors[t].Span, b = to.Tensors[t].Span;
            for (int i = 0; i < a.Length; i++) squares += ((double)b[i] - a[i]) * ((double)b[i] - a[i]);
        }
        return Math.Sqrt(squares);
    }
}
