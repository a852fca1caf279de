namespace Evolute.Text.Decoding;

/// <summary>Joins the texts of tokens that come one by one; one object a text.</summary>
internal abstract class TextJoiner
{
    /// <summary>Takes a token and writes the text that is certain by now.</summary>
    public abstract void Append(int id, TextBuffer text);

    /// <summary>Writes the rest, after the last token.</summary>
    public abstract void Flush(TextBuffer text);

    /// <summary>Forgets what came; a new text begins.</summary>
    public abstract void Reset();
}

/// <summary>Makes joiners: the <c>decoder</c> of tokenizer.json. Safe for any number of threads at once.</summary>
internal abstract class TokenDecoder
{
    public abstract TextJoiner NewJoiner();
}
