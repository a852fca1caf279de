namespace Evolute.Generation;

/// <summary>What generating took.</summary>
/// <param name="Steps">Forward passes.</param>
/// <param name="Rows">Rows of those, prompts and drafts among them.</param>
/// <param name="Drafted">Rows that held a drafted token.</param>
/// <param name="Accepted">Drafted tokens that were what plain decoding gives, each of which saved its sequence a pass.</param>
public readonly record struct GenerationCounts(long Steps, long Rows, long Drafted, long Accepted)
{
    /// <summary>Share of the drafted tokens that were accepted; 0 where none were drafted.</summary>
    public double AcceptedShare => Drafted == 0 ? 0 : (double)Accepted / Drafted;

    /// <summary>The sum of two.</summary>
    public static GenerationCounts operator +(GenerationCounts a, GenerationCounts b) =>
        new(a.Steps + b.Steps, a.Rows + b.Rows, a.Drafted + b.Drafted, a.Accepted + b.Accepted);

    /// <summary>The sum of two.</summary>
    public static GenerationCounts Add(GenerationCounts left, GenerationCounts right) => left + right;
}
