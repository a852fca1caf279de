namespace Evolute.Text.Normalization;

/// <summary>A step that rewrites text before it is split: the <c>normalizer</c> of tokenizer.json.</summary>
internal abstract class TextNormalizer
{
    public abstract string Apply(string text);
}

/// <summary>Unicode form C.</summary>
internal sealed class NfcNormalizer : TextNormalizer
{
    public override string Apply(string text) => CanonicalComposition.Compose(text);
}

/// <summary>Puts a text before every piece that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : TextNormalizer
{
    public override string Apply(string text) => text.Length == 0 ? text : prefix + text;
}

/// <summary>Replaces one text by another.</summary>
internal sealed class ReplaceNormalizer(string from, string to) : TextNormalizer
{
    public override string Apply(string text) => text.Replace(from, to, StringComparison.Ordinal);
}

/// <summary>Several normalizers, in order.</summary>
internal sealed class NormalizerSequence(IReadOnlyList<TextNormalizer> steps) : TextNormalizer
{
    public override string Apply(string text)
    {
        foreach (TextNormalizer step in steps) text = step.Apply(text);
        return text;
    }
}

/// <summary>Replaces the matches of a regular expression.</summary>
internal sealed class ReplaceMatchesNormalizer(Splitting.RegexPattern pattern, string to) : TextNormalizer
{
    public override string Apply(string text) => pattern.Replace(text, to);
}

/// <summary>Takes white space off the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : TextNormalizer
{
    public override string Apply(string text)
    {
        if (left) text = text.TrimStart();
        return right ? text.TrimEnd() : text;
    }
}
