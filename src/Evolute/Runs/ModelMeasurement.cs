using Evolute.Evolution;
using Evolute.Generation;
using Evolute.Noise;
using Evolute.Tasks;

namespace Evolute.Runs;

/// <summary>What a model is asked: problems of a split, and how it answers.</summary>
/// <param name="Split">Which problems.</param>
/// <param name="Problems">Those problems, encoded.</param>
/// <param name="Settings">Length, temperature and seed of the one answer to each.</param>
/// <param name="Samples">Further answers to each, drawn at <paramref name="SampleTemperature"/>; 0 for none.</param>
/// <param name="Ks">For pass@k and maj@k, each from 1 to <paramref name="Samples"/>.</param>
/// <param name="SampleTemperature">Above 0 where there are samples.</param>
public sealed record MeasurementPlan(TaskSplit Split, IReadOnlyList<EncodedProblem> Problems, EvolutionSettings Settings, int Samples = 0, IReadOnlyList<int>? Ks = null, double SampleTemperature = 0);

/// <summary>How one model did.</summary>
/// <param name="Result">One answer to each problem.</param>
/// <param name="Responses">Those answers.</param>
/// <param name="Sampling">Several to each, or null.</param>
public sealed record ModelMeasurement(EvaluationResult Result, IReadOnlyList<ScoredResponse> Responses, SamplingResult? Sampling)
{
    /// <summary>Asks the session's weights.</summary>
    /// <param name="session">The weights and the task.</param>
    /// <param name="plan">What is asked.</param>
    /// <param name="stop">Ends the work with <see cref="OperationCanceledException"/>.</param>
    public static ModelMeasurement Of(TaskSession session, MeasurementPlan plan, CancellationToken stop = default)
    {
        (EvaluationResult result, IReadOnlyList<ScoredResponse> responses) = session.Evaluate(plan.Split, 0, plan.Problems, plan.Settings, stop);
        return new(result, responses, plan.Samples == 0 ? null : Sample(session, plan, stop));
    }

    /// <summary>Greedy answers' token ids to the first problems, those of the measurement where it was greedy.</summary>
    internal int[][] GreedyAnswers(TaskSession session, MeasurementPlan plan, int count, CancellationToken stop)
    {
        IReadOnlyList<ScoredResponse> greedy = plan.Settings.Temperature == 0
            ? Responses
            : session.Evaluation.OfWeights([.. plan.Problems.Take(count)], (plan.Settings with { Temperature = 0 }).Generation(session.Task.StopStrings), default, stop);
        return [.. greedy.Take(count).Select(r => r.Completion.OutputIds)];
    }

    private static SamplingResult Sample(TaskSession session, MeasurementPlan plan, CancellationToken stop)
    {
        // Every problem as often as it is answered: the draws of a prompt follow its index.
        int count = plan.Problems.Count;
        EncodedProblem[] repeated = [.. Enumerable.Range(0, plan.Samples).SelectMany(_ => plan.Problems)];
        GenerationSettings generation = (plan.Settings with { Temperature = plan.SampleTemperature }).Generation(session.Task.StopStrings);
        ScoredResponse[] drawn = session.Evaluation.OfWeights(repeated, generation, NoiseKey.Of(plan.Settings.Seed, 0, (uint)plan.Split, NoiseDomain.TokenSampling), stop);
        SampledAnswers[] problems = new SampledAnswers[count];
        for (int i = 0; i < count; i++)
        {
            ScoredResponse[] own = [.. Enumerable.Range(0, plan.Samples).Select(s => drawn[s * count + i])];
            problems[i] = new([.. own.Select(r => r.Reward.Correct)], [.. own.Select(r => session.Task.AnswerOf(r.Problem, r.Completion.Text))]);
        }
        return SamplingResult.Of(problems, plan.Ks ?? [1], plan.SampleTemperature);
    }
}
