using System.Text.Json.Nodes;
using Evolute.Engines.Cpu;
using Evolute.Models;
using Evolute.Runs;

namespace Evolute.Tests.Runs;

/// <summary>Weights that were measured on a split are not measured on it again, and the run's files do not show it.</summary>
public class RepeatedEvaluationTests
{
    [Fact]
    public void Weights_that_stay_keep_their_measurements()
    {
        using TempFolder temp = new();
        Watcher watcher = Run(temp["run"], sigma: 1e-20);
        Assert.Equal([("test", 0), ("validation", 0)], watcher.Begun);
        Assert.Equal([("test", 0), ("validation", 0), ("validation", 1), ("validation", 2), ("validation", 3)], watcher.Done.Select(e => (e.Split, e.Iteration)));
        EvaluationResult first = watcher.Done[1];
        foreach (EvaluationResult later in watcher.Done.Skip(2))
        {
            Assert.Equal((first.Correct, first.Reward, first.Length, first.Truncated), (later.Correct, later.Reward, later.Length, later.Truncated));
            Assert.Equal(File.ReadAllBytes(Path.Combine(temp["run"], "samples", "000000.jsonl")), File.ReadAllBytes(Path.Combine(temp["run"], "samples", $"{later.Iteration:d6}.jsonl")));
        }
    }

    [Fact]
    public void Weights_that_move_are_measured()
    {
        using TempFolder temp = new();
        Watcher watcher = Run(temp["run"], sigma: 0.03);
        Assert.Equal(watcher.Done.Select(e => (e.Split, e.Iteration)), watcher.Begun);
        Assert.True(watcher.Begun.Count >= 5);
    }

    private static Watcher Run(string folder, double sigma)
    {
        RunSettings settings = new()
        {
            Model = BundledModel.Locate(),
            Task = "countdown",
            TaskOptions = new JsonObject { ["prompt"] = "compact", ["min-count"] = 3, ["max-count"] = 3 },
            EvalEvery = 1,
            EvalProblems = 6,
            Evolution = new() { Population = 4, Prompts = 4, TrainProblems = 8, MaxNewTokens = 16, Iterations = 3, Sigma = sigma, LearningRate = 0.01 },
        };
        Watcher watcher = new();
        using TrainingRun run = TrainingRun.Create(folder, settings, new Execution((spec, weights, _) => new CpuEngine(spec, weights, 1)));
        run.Execute(watcher, TestContext.Current.CancellationToken);
        return watcher;
    }

    private sealed class Watcher : TrainingObserver
    {
        public List<(string Split, int Iteration)> Begun { get; } = [];

        public List<EvaluationResult> Done { get; } = [];

        public override void Evaluating(string split, int iteration, int problems) => Begun.Add((split, iteration));

        public override void Evaluated(EvaluationResult evaluation) => Done.Add(evaluation);
    }
}
