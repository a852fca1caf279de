using Evolute.Evolution;

// Finds a point without a model: ask for candidates, tell their rewards; larger ones are better.
double Loss(float[] x) => x.Select((value, i) => Math.Pow(value - Math.Sin(i), 2)).Sum();
EvolutionSettings settings = new() { Population = 64, Mirrored = true, Sigma = 0.1, LearningRate = 0.5, Iterations = 100 };
using VectorEvolution strategy = new(new float[20], settings);
double[] rewards = new double[settings.Population];
while (!strategy.Finished)
{
    Parallel.ForEach(strategy.Ask(), candidate => rewards[candidate.Member] = -Loss(candidate.ToArray()));
    strategy.Tell(rewards);
}
Console.WriteLine($"loss {Loss(new float[20]):F3} → {Loss(strategy.ToArray()):F3}");
