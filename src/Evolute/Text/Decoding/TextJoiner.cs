namespace Evolute.Text.Decoding;

/// <summary>Joins the texts of tokens that come one by one; one object a text.</summary>
internal abstract class TextJoiner
{
    /// <summary>Takes a token and gives the text that is certain by now.</summary>
    public abstract string Append(int id);

    /// <summary>The rest, after the last token.</summary>
    public abstract string Flush();
}

/// <summary>Makes joiners: the <c>decoder</c> of tokenizer.json. Safe for any number of threads at once.</summary>
internal abstract class TokenDecoder
{
    public abstract TextJoiner NewJoiner();
}
