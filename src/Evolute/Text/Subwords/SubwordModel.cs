namespace Evolute.Text.Subwords;

/// <summary>Turns a piece of text into token ids: the <c>model</c> of tokenizer.json. Safe for any number of threads at once.</summary>
internal abstract class SubwordModel
{
    /// <summary>Adds the ids of <paramref name="piece"/> to <paramref name="ids"/>.</summary>
    public abstract void Encode(ReadOnlySpan<char> piece, List<int> ids);
}
