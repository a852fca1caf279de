namespace Evolute.Generation;

/// <summary>The share of drafted tokens that are accepted once those before them were, as it was lately, for one <see cref="DraftGround"/>.</summary>
internal sealed class DraftAcceptance
{
    /// <summary>Tokens after which half is forgotten.</summary>
    private const double Memory = 512;

    private readonly double[] _expected = new double[SpeculationGate.MostDrafted + 1];
    private double _accepted, _tried, _logShare;

    public DraftAcceptance() => Update();

    /// <summary>Tokens that a draft of so many is expected to give.</summary>
    public double Expected(int drafted) => _expected[drafted];

    /// <summary>How long a draft is all of whose tokens are accepted with at least this probability, given as its logarithm.</summary>
    public int LengthFor(double logProbability) => (int)Math.Min(SpeculationGate.MostDrafted, logProbability / _logShare);

    /// <summary>Takes note of a draft: what comes after the first refused token was not tried.</summary>
    public void Add(int drafted, int accepted)
    {
        _accepted += accepted;
        _tried += Math.Min(accepted + 1, drafted);
        if (_tried > Memory) (_accepted, _tried) = (_accepted / 2, _tried / 2);
        Update();
    }

    private void Update()
    {
        // Before anything is known four of five count as accepted, so that drafts are tried.
        double share = (_accepted + 4) / (_tried + 5);
        _logShare = Math.Log(share);
        for (int i = 1; i < _expected.Length; i++) _expected[i] = share * (1 + _expected[i - 1]);
    }
}
