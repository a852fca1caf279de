using Evolute.Evolution;
using Evolute.Generation;
using Evolute.Tasks;

namespace Evolute.Tests.Evolution;

/// <summary>Each symptom is told by a population that has it, once, and not by a healthy one.</summary>
public class TrainingDiagnosticsTests
{
    private static readonly Dictionary<string, double> Nothing = [];

    [Fact]
    public void A_healthy_population_gives_none() => Assert.Empty(New(Fresh(), Healthy()));

    [Fact]
    public void Equal_rewards() => AssertOne(Symptom.EqualRewards, "raise --sigma or --prompts", Population(n => [0.5, 0.5]) with { Coefficients = null });

    [Fact]
    public void Identical_members() => AssertOne(Symptom.IdenticalMembers, "raise --sigma", Population(n => n == 0 ? [1, 0] : [0, 1]) with { Members = [.. Enumerable.Range(0, 8).Select(n => Member(n < 2 ? [1, 0] : [1, 1]))] });

    [Fact]
    public void Collapse() => AssertOne(Symptom.Collapse, "lower --sigma", Population(n => [0.01 * n, 0]));

    [Fact]
    public void Collapse_below_what_training_had_reached()
    {
        TrainingDiagnostics diagnostics = Fresh();
        for (int i = 0; i < 3; i++) Assert.Empty(New(diagnostics, Population(n => [0.9, 0.8 + 0.01 * n])));
        Assert.Equal(Symptom.Collapse, Assert.Single(New(diagnostics, Population(n => [0.3, 0.4 + 0.01 * n]))).Symptom);
    }

    [Fact]
    public void Truncation() => AssertOne(Symptom.Truncation, "raise --max-new-tokens", Population(n => [0.5, 0.4 + 0.01 * n], FinishReason.Length));

    [Fact]
    public void A_part_that_dominates_without_solving() => AssertOne(
        Symptom.DominatingPart, "less weight with --reward-weights", Population(n => [0.5, 0.4 + 0.01 * n], parts: r => new() { ["format"] = r, ["answer"] = 0.5 }, solves: n => n % 2 == 0));

    [Fact]
    public void Steps_lost_in_rounding()
    {
        IterationResult lost = Healthy() with { Step = new(1e-6, 0.01, 0.1, Is16Bit: true) };
        AssertOne(Symptom.LostInRounding, "--save-type float32", lost);
        Assert.Empty(New(new TrainingDiagnostics(0.5, 0, storedInFloat32: true), lost));
        Assert.Empty(New(Fresh(), Healthy() with { Step = new(1e-6, 1, 1, Is16Bit: false) }));
    }

    private static void AssertOne(Symptom symptom, string mend, IterationResult iteration)
    {
        TrainingDiagnostics diagnostics = Fresh();
        Diagnosis diagnosis = Assert.Single(New(diagnostics, iteration));
        Assert.Equal(symptom, diagnosis.Symptom);
        Assert.Contains(mend, diagnosis.Sentence, StringComparison.Ordinal);
        Assert.Empty(New(diagnostics, iteration));
        Assert.Empty(New(diagnostics, Healthy()));
        Assert.Single(New(diagnostics, iteration));
    }

    private static TrainingDiagnostics Fresh() => new(baseReward: 0.5, baseTruncated: 0.05, storedInFloat32: false);

    private static IReadOnlyList<Diagnosis> New(TrainingDiagnostics diagnostics, IterationResult iteration) => diagnostics.New(iteration, PopulationMetrics.Of(iteration.Members));

    private static IterationResult Healthy() => Population(n => [0.5, 0.4 + 0.01 * n]);

    private static IterationResult Population(Func<int, double[]> rewards, FinishReason finish = FinishReason.Stop, Func<double, Dictionary<string, double>>? parts = null, Func<int, bool>? solves = null) => new(
        1, 0.01, 0.005, [.. Enumerable.Range(0, 16).Select(n => Member(rewards(n), finish, parts, solves?.Invoke(n) ?? false))], new float[16], 0, Nothing, default(GenerationCounts)!, Step: new(1e-3, 0.5, 0.9, Is16Bit: true));

    private static ResponseTotals Member(double[] rewards, FinishReason finish = FinishReason.Stop, Func<double, Dictionary<string, double>>? parts = null, bool solved = false)
    {
        ResponseTotals totals = new();
        foreach (double reward in rewards) totals.Add(new Completion([1, 2], "", finish), new RewardResult(reward, parts?.Invoke(reward) ?? Nothing, solved), Nothing);
        return totals;
    }
}
