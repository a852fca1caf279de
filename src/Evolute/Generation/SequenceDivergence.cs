using Evolute.Engines;
using Evolute.Numerics;

namespace Evolute.Generation;

/// <summary>
/// The Kullback–Leibler divergence KL(tuned‖base) of the next-token distributions of two models with one vocabulary, token by token along given answers. It is
/// exact over the vocabulary: from all logits, in float64 from additions, multiplications and divisions in a fixed order, so that it does not depend on threads or steps.
/// </summary>
public sealed class SequenceDivergence
{
    /// <summary>Most rows of one step: so many logits of both models are in memory on every seat.</summary>
    internal const int StepRows = 64;

    private readonly IEngine _tuned, _base;
    private readonly int _seats;

    /// <summary>A measurement; both engines stay the caller's, and every seat's working weights become the masters.</summary>
    /// <exception cref="EvoluteInputException">The models have different vocabularies, or only one has an encoder.</exception>
    public SequenceDivergence(IEngine tuned, IEngine @base)
    {
        if (tuned.Spec.VocabularySize != @base.Spec.VocabularySize)
            throw new EvoluteInputException($"The models' vocabularies differ ({tuned.Spec.VocabularySize} and {@base.Spec.VocabularySize} tokens), so their distributions cannot be compared; compare with the model that this one was tuned from.");
        if (tuned.Spec.EncoderDecoder is null != @base.Spec.EncoderDecoder is null)
            throw new EvoluteInputException("One of the models has an encoder and the other has none; compare with the model that this one was tuned from.");
        (_tuned, _base, _seats) = (tuned, @base, Math.Min(tuned.Seats, @base.Seats));
    }

    /// <summary>The divergences, in nats, for every token of every answer: the distribution that the token was chosen from.</summary>
    /// <param name="prompts">Token ids, at least one each.</param>
    /// <param name="answers">The new tokens of each; an empty answer has no divergence.</param>
    /// <param name="stop">Ends the work with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="EvoluteInputException">A sequence does not fit a model's window.</exception>
    /// <exception cref="EvoluteFaultException">A logit is not a finite number.</exception>
    public double[][] Along(IReadOnlyList<int[]> prompts, IReadOnlyList<int[]> answers, CancellationToken stop = default)
    {
        if (prompts.Count != answers.Count) throw new ArgumentException("Each prompt has an answer.", nameof(answers));
        bool encoder = _tuned.Spec.EncoderDecoder is not null;
        // What the tokens are fed to: the prompt's positions, or the decoder's after its start token. The last token of an answer is chosen and never fed.
        int[][] sequences = [.. prompts.Select((prompt, i) => (int[])[.. encoder ? [_tuned.Spec.EncoderDecoder!.DecoderStartToken] : prompt, .. answers[i].SkipLast(1)])];
        double[][] divergences = new double[sequences.Length][];
        if (sequences.Length == 0) return divergences;
        foreach (IEngine engine in (IEngine[])[_tuned, _base])
        {
            foreach (int[] ids in encoder ? prompts : sequences) TokenWindow.Check(engine.Spec, ids, newTokens: 0);
            engine.Reserve(1, sequences.Max(s => s.Length), StepRows, encoder ? prompts.Max(p => p.Length) : 0);
        }
        int next = -1;
        _tuned.RunSeats(seat =>
        {
            if (seat >= _seats) return;
            _tuned.Prepare(seat, null, 0);
            _base.Prepare(seat, null, 0);
            StepBatch a = new(StepRows), b = new(StepRows);
            for (int i; (i = Interlocked.Increment(ref next)) < sequences.Length;)
                divergences[i] = answers[i].Length == 0 ? [] : Along(seat, (a, b), encoder ? prompts[i] : null, sequences[i], answers[i].Length, stop);
        });
        return divergences;
    }

    private double[] Along(int seat, (StepBatch Tuned, StepBatch Base) batches, int[]? input, int[] sequence, int tokens, CancellationToken stop)
    {
        double[] divergences = new double[tokens];
        int done = 0;
        for (int first = 0; first < sequence.Length; first += StepRows)
        {
            stop.ThrowIfCancellationRequested();
            foreach ((IEngine engine, StepBatch batch) in ((IEngine, StepBatch)[])[(_tuned, batches.Tuned), (_base, batches.Base)])
            {
                batch.Clear();
                if (input is not null && first == 0) batch.Inputs.Add(new(0, input));
                for (int position = first; position < Math.Min(first + StepRows, sequence.Length); position++)
                    batch.Add(sequence[position], 0, position, position >= sequence.Length - tokens ? RowOutput.Logits : RowOutput.None, length: sequence.Length);
                engine.Step(seat, batch);
            }
            int rows = batches.Tuned.Logits.Count, start = done;
            // Rows are independent, and each is one sum in order.
            Parallel.For(0, rows, row => divergences[start + row] = Of(batches.Tuned.Logits[row], batches.Base.Logits[row]));
            done += rows;
        }
        return divergences.All(double.IsFinite)
            ? divergences
            : throw new EvoluteFaultException("A model's output is not a finite number; its weights are damaged or too large.");
    }

    /// <summary>
    /// KL(p‖q) in nats of p = softmax(<paramref name="tuned"/>) and q = softmax(<paramref name="other"/>): Σ p·(a − b) − (ln Σ eᵃ − ln Σ eᵇ), a and b less their maxima. Rounding may
    /// bring a divergence near 0 below it, which no divergence is: those are 0. Equal logits give 0 exactly.
    /// </summary>
    internal static double Of(ReadOnlySpan<float> tuned, ReadOnlySpan<float> other)
    {
        float topA = float.NegativeInfinity, topB = float.NegativeInfinity;
        for (int v = 0; v < tuned.Length; v++)
        {
            // A NaN is greater than nothing; it is found in the sums.
            topA = Math.Max(topA, tuned[v]);
            topB = Math.Max(topB, other[v]);
        }
        double sumA = 0, sumB = 0, difference = 0;
        for (int v = 0; v < tuned.Length; v++)
        {
            double a = (double)tuned[v] - topA, b = (double)other[v] - topB, p = PortableMath.Exp(a);
            sumA += p;
            sumB += PortableMath.Exp(b);
            difference += p * (a - b);
        }
        double divergence = difference / sumA - (PortableMath.Log(sumA) - PortableMath.Log(sumB));
        return divergence < 0 ? 0 : divergence;
    }
}
