namespace Evolute.Text;

/// <summary>A token that is found in the text as a whole, before anything is split or merged.</summary>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>Control, not text: left out of decoded text on demand, and plain text in what users write.</summary>
    public bool Special { get; init; }

    /// <summary>Found in the text after normalization rather than before it.</summary>
    public bool Normalized { get; init; }

    /// <summary>Found only where no letter, digit or underscore touches it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Takes the white space before it along.</summary>
    public bool StripLeft { get; init; }

    /// <summary>Takes the white space after it along.</summary>
    public bool StripRight { get; init; }
}
