using Evolute.Generation;

namespace Evolute.Tests.Generation;

/// <summary>The gate against made-up costs of steps: it must come close to the best there is, and never lose much.</summary>
public class SpeculationGateTests
{
    private const double Row = 1e-5;

    [Theory]
    [InlineData(1, 0.5), InlineData(4, 0.8), InlineData(16, 0.97), InlineData(64, 0.9)]
    public void Where_every_row_costs_its_share_almost_nothing_is_lost(int sequences, double acceptance)
    {
        double plain = Row, spent = Run(new(Speculation.Auto), sequences, acceptance, 5_000, rows => rows * Row);
        Assert.InRange(spent / plain, 0.9, 1.02);
    }

    [Theory]
    [InlineData(1, 0.9, 8), InlineData(8, 0.9, 8), InlineData(8, 0.98, 11)]
    public void Where_rows_cost_nothing_everything_is_drafted(int sequences, double acceptance, double fewer)
    {
        double plain = 1.0 / sequences, spent = Run(new(Speculation.Auto), sequences, acceptance, 5_000, _ => 1);
        // The expected tokens of a pass with 15 drafts.
        Assert.InRange(plain / spent, 0.93 * Math.Min(fewer, Expected(15, acceptance) + 1), 16);
    }

    [Theory]
    [InlineData(1, 0.9, 3), InlineData(2, 0.7, 10), InlineData(4, 0.95, 20), InlineData(8, 0.5, 30), InlineData(16, 0.9, 8), InlineData(1, 0.3, 6)]
    public void It_comes_close_to_the_best_length(int sequences, double acceptance, double fixedRows)
    {
        double Cost(int rows) => (fixedRows + rows) * Row;
        double best = Enumerable.Range(0, 16).Min(k => Cost(sequences * (1 + k)) / (sequences * (1 + Expected(k, acceptance))));
        double spent = Run(new(Speculation.Auto), sequences, acceptance, 5_000, Cost);
        Assert.InRange(spent / best, 0.97, 1.1);
    }

    [Fact]
    public void Noise_and_stalls_do_not_mislead_it()
    {
        Random random = new(5);
        double Noisy(double seconds) => seconds * Math.Exp(0.3 * (random.NextDouble() - 0.5)) * (random.Next(50) == 0 ? 40 : 1);
        Assert.InRange(Run(new(Speculation.Auto), 16, 0.8, 5_000, rows => rows * Row, Noisy) / Row, 0.9, 1.03);
        Assert.InRange(1 / Run(new(Speculation.Auto), 1, 0.9, 5_000, _ => 1, Noisy), 7, 16);
    }

    [Fact]
    public void It_follows_when_costs_change()
    {
        SpeculationGate gate = new(Speculation.Auto);
        Run(gate, 4, 0.9, 3_000, rows => rows * Row);
        Run(gate, 4, 0.9, 6_000, _ => 4 * Row);
        Assert.InRange(Row / Run(gate, 4, 0.9, 3_000, _ => 4 * Row), 6, 16);
        Run(gate, 4, 0.9, 3_000, rows => rows * Row);
        Assert.InRange(Run(gate, 4, 0.9, 3_000, rows => rows * Row) / Row, 0.9, 1.02);
    }

    [Fact]
    public void A_step_that_is_mostly_prompts_has_no_drafts_and_a_full_one_has_no_room()
    {
        Sequence[] slots = Slots(4);
        SpeculationGate on = new(Speculation.On), auto = new(Speculation.Auto);
        foreach ((int spare, int each) in ((int, int)[])[(0, 0), (3, 0), (4, 1), (59, 14), (128, 15)])
        {
            on.Plan(slots, 0, spare);
            Assert.All(slots, s => Assert.Equal(each, s.Drafted));
        }
        auto.Measured(4, 0, 1);
        auto.Measured(64, 0, 1);
        auto.Plan(slots, 4, 128);
        Assert.All(slots, s => Assert.NotEqual(0, s.Drafted));
        auto.Plan(slots, 5, 128);
        Assert.All(slots, s => Assert.Equal(0, s.Drafted));
    }

    [Fact]
    public void Planning_allocates_nothing()
    {
        SpeculationGate gate = new(Speculation.Auto);
        Sequence[] slots = Slots(8);
        long Steps(int count)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < count; i++) Step(gate, slots, rows => 5 + rows, static (drafted, _) => drafted / 2);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Steps(1_000);
        Assert.Equal(0, Steps(1) - Steps(1_000));
    }

    /// <summary>Seconds for a token, after some steps to learn.</summary>
    private static double Run(SpeculationGate gate, int sequences, double acceptance, int steps, Func<int, double> cost, Func<double, double>? measured = null)
    {
        Sequence[] slots = Slots(sequences);
        Random random = new(sequences);
        int Accept(int drafted, Random random)
        {
            int accepted = 0;
            while (accepted < drafted && random.NextDouble() < acceptance) accepted++;
            return accepted;
        }

        double seconds = 0;
        long tokens = 0;
        for (int step = 0; step < steps; step++)
        {
            (double s, int t) = Step(gate, slots, cost, (drafted, _) => Accept(drafted, random), measured);
            if (step < 500) continue;
            seconds += s;
            tokens += t;
        }
        return seconds / tokens;
    }

    private static (double Seconds, int Tokens) Step(
        SpeculationGate gate, Sequence[] slots, Func<int, double> cost, Func<int, Sequence, int> accept, Func<double, double>? measured = null)
    {
        gate.Plan(slots, 0, Generator.PrefillRows);
        int rows = 0, tokens = 0;
        foreach (Sequence s in slots) rows += 1 + s.Drafted;
        double seconds = cost(rows);
        gate.Measured(rows, 0, measured is null ? seconds : measured(seconds));
        foreach (Sequence s in slots)
        {
            int accepted = accept(s.Drafted, s);
            if (s.Drafted > 0) gate.Verified(s.Drafts.Ground, s.Drafted, accepted);
            tokens += 1 + accepted;
        }
        return (seconds, tokens);
    }

    /// <summary>Sequences that stand at the beginning of an answer that is known.</summary>
    private static Sequence[] Slots(int count)
    {
        DraftStreams streams = new();
        streams.Add([.. Enumerable.Range(0, 100)]);
        Sequence[] slots = [.. Enumerable.Range(0, count).Select(_ => new Sequence(null, new() { MaxNewTokens = 100 }, []))];
        foreach (Sequence s in slots)
        {
            s.Begin(0, [1, 2], drafts: streams);
            s.Accept(0);
        }
        return slots;
    }

    private static double Expected(int drafted, double acceptance) => Enumerable.Range(1, drafted).Sum(i => Math.Pow(acceptance, i));
}
