using Evolute.Rewards;
using Evolute.Runs;

// The bundled model learns to answer right and to try fewer than four times: any function of a response can be a reward.
EvolutionTrainer trainer = new()
{
    TaskWeight = 1,
    Rewards = [new("tries", Reward.From(c => c.Text.Count(character => character == ',') < 4 ? 1 : 0), 0.2)],
    Evolution = new() { Population = 32, Sigma = 0.01, LearningRate = 0.003, Prompts = 64, TrainProblems = 2000, Iterations = args.Length > 0 ? int.Parse(args[0]) : 20, MaxNewTokens = 80 },
};
RunSummary run = trainer.Train();
Console.WriteLine($"reward {run.Base.Reward:F3} → {run.Final.Reward:F3}, solved {run.Base.Accuracy:P1} → {run.Final.Accuracy:P1}; the model is in {run.Folder}/final");
