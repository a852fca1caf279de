using Evolute.Generation;
using Evolute.Models;
using Evolute.Text;

namespace Evolute.Runs;

/// <summary>A tuned model beside its base: what it learned, what it lost and how far it went.</summary>
/// <param name="Tuned">How the tuned model did.</param>
/// <param name="Base">How the base did on the same problems.</param>
/// <param name="Divergence">KL to the base along the tuned model's greedy answers.</param>
/// <param name="Outcomes">Regressions and gains.</param>
/// <param name="LengthDifference">Mean response length in tokens, tuned less base.</param>
/// <param name="LengthInterval">Its 95 % interval, a paired bootstrap over problems.</param>
/// <param name="TunedPerplexity">Of the text, or null where none is given.</param>
/// <param name="BasePerplexity">The base's.</param>
/// <param name="Weights">The distance of the weights.</param>
public sealed record ModelComparison(
    ModelMeasurement Tuned, ModelMeasurement Base, DivergenceResult Divergence, PairedOutcomes Outcomes, double LengthDifference, BootstrapInterval LengthInterval,
    TextPerplexity? TunedPerplexity, TextPerplexity? BasePerplexity, WeightDistance Weights)
{
    /// <summary>Measures both; each session's engine stays its own.</summary>
    /// <param name="tuned">The tuned weights.</param>
    /// <param name="base">The base's, with the same tokenizer.</param>
    /// <param name="plan">What both are asked.</param>
    /// <param name="divergencePrompts">The divergence is taken on so many of the problems, from the first on.</param>
    /// <param name="text">Tokens of a text for perplexity, or null.</param>
    /// <param name="stop">Ends the work with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="EvoluteInputException">The models cannot be compared.</exception>
    public static ModelComparison Of(TaskSession tuned, TaskSession @base, MeasurementPlan plan, int divergencePrompts, int[]? text, CancellationToken stop = default)
    {
        WeightDistance weights = WeightDistance.Of(tuned.Engine.Weights, @base.Engine.Weights);
        SequenceDivergence divergence = new(tuned.Engine, @base.Engine);
        ModelMeasurement one = ModelMeasurement.Of(tuned, plan, stop), other = ModelMeasurement.Of(@base, plan, stop);
        int[][] answers = one.GreedyAnswers(tuned, plan, divergencePrompts, stop);
        double[][] divergences = divergence.Along([.. plan.Problems.Take(answers.Length).Select(p => p.Ids)], answers, stop);
        double[] lengths = [.. one.Responses.Zip(other.Responses, (a, b) => (double)a.Completion.OutputIds.Length - b.Completion.OutputIds.Length)];
        return new(
            one, other, DivergenceResult.Of(divergences),
            PairedOutcomes.Of([.. one.Responses.Zip(other.Responses, (a, b) => (a.Problem.Id, a.Reward.Correct, b.Reward.Correct))]),
            lengths.DefaultIfEmpty().Average(), BootstrapInterval.OfMean(lengths),
            text is null ? null : TextPerplexity.Of(tuned.Engine, text, stop: stop), text is null ? null : TextPerplexity.Of(@base.Engine, text, stop: stop), weights);
    }

    /// <summary>Checks that two models read and write the same tokens.</summary>
    /// <param name="tuned">The tuned model's tokenizer.</param>
    /// <param name="base">The base's.</param>
    /// <param name="tunedFolder">The tuned model's folder, for the sentence.</param>
    /// <param name="baseFolder">The base's.</param>
    /// <exception cref="EvoluteInputException">They do not; the sentence names a token that differs.</exception>
    public static void RequireSameTokens(Tokenizer tuned, Tokenizer @base, string tunedFolder, string baseFolder)
    {
        for (int id = 0; id < Math.Max(tuned.VocabularySize, @base.VocabularySize); id++)
            if (tuned.TokenOf(id) is var a && @base.TokenOf(id) is var b && a != b)
                throw new EvoluteInputException($"{baseFolder} has another tokenizer than {tunedFolder}: token {id} is {Shown(b)} there and {Shown(a)} here; compare with the model that this one was tuned from.");
    }

    private static string Shown(string? token) => token is null ? "absent" : Quoted.Text(token);
}
