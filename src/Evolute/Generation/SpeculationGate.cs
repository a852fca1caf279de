namespace Evolute.Generation;

/// <summary>
/// Decides for one seat how many tokens each sequence of a step drafts. A drafted token that is accepted saves its sequence a row of a later step, worth a row's share of a step
/// without drafts; it costs what the step takes longer for the drafted rows. Both are measured as the work goes on, and the gain is the largest for drafts whose last token is accepted with a certain
/// probability: few where a row costs nearly its share of a step (many sequences, a small model), many where rows are almost free (few sequences, a large model). Time decides how much is
/// drafted and never what comes out.
/// </summary>
internal sealed class SpeculationGate(Speculation mode)
{
    /// <summary>Most tokens that a sequence drafts in a step.</summary>
    public const int MostDrafted = 15;

    /// <summary>Steps without drafts after which a few are drafted all the same, and steps with drafts after which one goes without, so that what is known stays true.</summary>
    private const int ProbeEvery = 128;

    /// <summary>Sequences and tokens of such a probe.</summary>
    private const int ProbeSequences = 2, ProbeTokens = 4;

    /// <summary>What the gain must be at least, as a multiple of the cost; measured times are not exact.</summary>
    private const double Margin = 1.05;

    /// <summary>Probabilities, as logarithms, that the last token of a draft is accepted with.</summary>
    private static readonly double[] Floors = [.. ((double[])[0.95, 0.85, 0.7, 0.5, 0.3, 0.15]).Select(p => Math.Log(p))];

    private readonly StepCosts _costs = new();
    private readonly DraftAcceptance[] _acceptance = [.. Enum.GetValues<DraftGround>().Select(_ => new DraftAcceptance())];
    private int _sinceProbe;

    /// <summary>Sets <see cref="Sequence.Drafted"/> of all sequences that go on in the step to come.</summary>
    /// <param name="slots">The seat's sequences.</param>
    /// <param name="prefillRows">Rows that prompts will take.</param>
    /// <param name="spareRows">Rows that drafts may take.</param>
    public void Plan(Sequence[] slots, int prefillRows, int spareRows)
    {
        int decoding = 0;
        foreach (Sequence s in slots)
        {
            s.Drafted = 0;
            if (s.Decoding) decoding++;
        }
        int most = decoding == 0 ? 0 : Math.Min(MostDrafted, spareRows / decoding);
        if (most == 0) return;
        if (mode == Speculation.On) Find(slots, decoding, most);
        // A step that is mostly prompts has no rows that are almost free.
        else if (prefillRows <= decoding) PlanByCost(slots, decoding, decoding + prefillRows, most);
    }

    private void PlanByCost(Sequence[] slots, int decoding, int rows, int most)
    {
        // Without drafts first: that is what drafts must beat.
        if (!_costs.Knows(decoding)) return;
        bool probe = ++_sinceProbe > ProbeEvery;
        if (probe) _sinceProbe = 0;
        if (!MayPay(decoding, rows, most))
        {
            if (probe) Find(slots, ProbeSequences, Math.Min(ProbeTokens, most));
            return;
        }
        if (probe) return;
        Find(slots, decoding, most);
        double best = 0, bestFloor = 0;
        foreach (double floor in Floors)
        {
            double gain = Gain(slots, decoding, rows, floor);
            if (gain > best) (best, bestFloor) = (gain, floor);
        }
        foreach (Sequence s in slots)
            if (s.Drafted > 0) s.Drafted = bestFloor == 0 ? 0 : Math.Min(s.Drafted, Of(s).LengthFor(bestFloor));
    }

    /// <summary>Whether drafts would pay if every sequence had the best: it saves looking for drafts where they cannot.</summary>
    private bool MayPay(int decoding, int rows, int most)
    {
        foreach (DraftAcceptance acceptance in _acceptance)
            foreach (double floor in Floors)
            {
                int length = Math.Min(most, acceptance.LengthFor(floor));
                if (Gain(decoding, rows, decoding * length, decoding * acceptance.Expected(length)) > 0) return true;
            }
        return false;
    }

    private double Gain(Sequence[] slots, int decoding, int rows, double floor)
    {
        int drafted = 0;
        double accepted = 0;
        foreach (Sequence s in slots)
        {
            if (s.Drafted == 0) continue;
            int length = Math.Min(s.Drafted, Of(s).LengthFor(floor));
            drafted += length;
            accepted += Of(s).Expected(length);
        }
        return Gain(decoding, rows, drafted, accepted);
    }

    /// <summary>Seconds that drafts are expected to save.</summary>
    private double Gain(int decoding, int rows, int drafted, double accepted) =>
        accepted * _costs.Of(decoding) / decoding - Margin * (_costs.Of(rows + drafted) - _costs.Of(rows));

    private DraftAcceptance Of(Sequence s) => _acceptance[(int)s.Drafts.Ground];

    private static void Find(Sequence[] slots, int sequences, int most)
    {
        foreach (Sequence s in slots)
        {
            if (!s.Decoding) continue;
            if (sequences-- == 0) return;
            s.Drafted = Math.Min(most, s.FindDrafts());
        }
    }

    /// <summary>Takes note of a step that is done.</summary>
    public void Measured(int rows, int prefillRows, double seconds)
    {
        // Rows of prompts are cheaper than those that give a token.
        if (mode == Speculation.Auto && 2 * prefillRows <= rows) _costs.Add(rows, seconds);
    }

    /// <summary>Takes note of a sequence's draft.</summary>
    public void Verified(DraftGround ground, int drafted, int accepted) => _acceptance[(int)ground].Add(drafted, accepted);
}
