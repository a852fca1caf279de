using System.Numerics;

namespace Evolute.Generation;

/// <summary>
/// Decides for one seat how many tokens each sequence of a step drafts: as many as make a token cheapest, by what a step takes for its number of rows and how many drafted tokens are accepted, both
/// measured as the work goes on. None where a row costs its share of a step (many sequences, a small model), many where rows are almost free (few sequences, a large model). Time decides how much is
/// drafted and never what comes out.
/// </summary>
internal sealed class SpeculationGate(Speculation mode)
{
    /// <summary>Most tokens that a sequence drafts in a step.</summary>
    public const int MostDrafted = 15;

    /// <summary>
    /// Rows after which something else is tried, so that what is known stays true: a few drafts where they do not seem to pay, which are less than 1 % of the rows; where they do, none or longer ones
    /// in turn.
    /// </summary>
    private const int RowsBetweenProbes = 1024;

    /// <summary>Sequences and tokens of a probe.</summary>
    private const int ProbeSequences = 2, ProbeTokens = 4;

    /// <summary>Drafted rows count as this much dearer than measured, and a token must become this much cheaper, since measured times are not exact.</summary>
    private const double Margin = 1.15, LeastGain = 1.05;

    /// <summary>Most steps of about so many sequences that do without looking for drafts after those found were not good enough again and again.</summary>
    private const int LongestPause = 63;

    /// <summary>Probabilities, as logarithms, that the last token of a draft is accepted with.</summary>
    private static readonly double[] Floors = [.. ((double[])[0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]).Select(p => Math.Log(p))];

    /// <summary>Lengths that tell whether any would pay.</summary>
    private static readonly int[] Lengths = [1, 2, 3, 5, 8, 15];

    private readonly StepCosts _costs = new();
    private readonly DraftAcceptance[] _acceptance = [.. Enum.GetValues<DraftGround>().Select(_ => new DraftAcceptance())];

    /// <summary>By the binary logarithm of the number of sequences: how long the newest pause is, and how much of it is left.</summary>
    private readonly (int Length, int Left)[] _pauses = new (int, int)[32];
    private int _sinceProbe;
    private bool _probeLonger;

    /// <summary>Sets <see cref="Sequence.Drafted"/> of all sequences that go on in the step to come.</summary>
    /// <param name="slots">The seat's sequences.</param>
    /// <param name="prefillRows">Rows that prompts will take.</param>
    /// <param name="spareRows">Rows that drafts may take.</param>
    public void Plan(ReadOnlySpan<Sequence> slots, int prefillRows, int spareRows)
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

    private void PlanByCost(ReadOnlySpan<Sequence> slots, int decoding, int rows, int most)
    {
        // Without drafts first: that is what drafts must beat.
        if (!_costs.Knows(decoding)) return;
        _sinceProbe += decoding;
        bool probe = _sinceProbe >= RowsBetweenProbes;
        if (probe) _sinceProbe = 0;
        ref (int Length, int Left) pause = ref _pauses[BitOperations.Log2((uint)decoding)];
        int floor = -1;
        if (pause.Left > 0) pause.Left--;
        else if (MayPay(decoding, rows, most))
        {
            floor = BestFloor(slots, decoding, rows, most);
            int length = floor < 0 ? Math.Min(2 * pause.Length + 1, LongestPause) : 0;
            pause = (length, length);
        }
        if (floor < 0)
        {
            foreach (Sequence s in slots) s.Drafted = 0;
            if (probe) Find(slots, ProbeSequences, Math.Min(ProbeTokens, most));
            return;
        }
        if (probe)
        {
            _probeLonger = !_probeLonger;
            floor = _probeLonger ? Math.Min(floor + 2, Floors.Length - 1) : -1;
        }
        foreach (Sequence s in slots)
            if (s.Drafted > 0) s.Drafted = floor < 0 ? 0 : Math.Min(s.Drafted, Of(s).LengthFor(Floors[floor]));
    }

    /// <summary>Finds drafts for all sequences and returns the index of the floor that makes a token cheapest, −1 where none does.</summary>
    private int BestFloor(ReadOnlySpan<Sequence> slots, int decoding, int rows, int most)
    {
        Find(slots, decoding, most);
        double alone = _costs.Of(decoding), before = _costs.Of(rows), best = alone / decoding / LeastGain;
        int bestFloor = -1;
        for (int i = 0; i < Floors.Length; i++)
        {
            double seconds = SecondsOfToken(slots, alone, before, decoding, rows, Floors[i]);
            if (seconds < best) (best, bestFloor) = (seconds, i);
        }
        return bestFloor;
    }

    /// <summary>Whether drafts would pay if every sequence had the best: it saves looking for drafts where they cannot.</summary>
    private bool MayPay(int decoding, int rows, int most)
    {
        DraftAcceptance best = _acceptance[0];
        foreach (DraftAcceptance other in _acceptance) if (other.Expected(1) > best.Expected(1)) best = other;
        double alone = _costs.Of(decoding), before = _costs.Of(rows);
        foreach (int length in Lengths)
        {
            if (length > most) return false;
            if (SecondsOfToken(alone, before, decoding, rows, decoding * length, decoding * best.Expected(length)) < alone / decoding / LeastGain) return true;
        }
        return false;
    }

    private double SecondsOfToken(ReadOnlySpan<Sequence> slots, double alone, double before, int decoding, int rows, double floor)
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
        return drafted == 0 ? double.PositiveInfinity : SecondsOfToken(alone, before, decoding, rows, drafted, accepted);
    }

    /// <summary>What a token is expected to take if a step has these drafts; what prompts take of the step counts as theirs.</summary>
    /// <param name="alone">Seconds of a step of the sequences alone.</param>
    /// <param name="before">Seconds of the step without drafts.</param>
    private double SecondsOfToken(double alone, double before, int decoding, int rows, int drafted, double accepted) =>
        (alone + Margin * (_costs.Of(rows + drafted) - before)) / (decoding + accepted);

    private DraftAcceptance Of(Sequence s) => _acceptance[(int)s.Drafts.Ground];

    private static void Find(ReadOnlySpan<Sequence> slots, int sequences, int most)
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
        // Rows of prompts are cheaper than those that give a token, and would make drafts look cheap.
        if (mode == Speculation.Auto && 16 * prefillRows <= rows) _costs.Add(rows, seconds);
    }

    /// <summary>Takes note of a sequence's draft.</summary>
    public void Verified(DraftGround ground, int drafted, int accepted) => _acceptance[(int)ground].Add(drafted, accepted);
}
