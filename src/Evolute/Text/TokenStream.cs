using System.Diagnostics.CodeAnalysis;
using Evolute.Text.Decoding;

namespace Evolute.Text;

/// <summary>Text out of tokens as they come, never cutting a character in two. One stream a sequence; not shared between threads.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "It is a stream of tokens, though not a System.IO.Stream.")]
public sealed class TokenStream
{
    private readonly Tokenizer _tokenizer;
    private readonly TextJoiner _joiner;
    private readonly bool _skipSpecialTokens;
    private readonly TextBuffer _text = new();

    internal TokenStream(Tokenizer tokenizer, TextJoiner joiner, bool skipSpecialTokens) =>
        (_tokenizer, _joiner, _skipSpecialTokens) = (tokenizer, joiner, skipSpecialTokens);

    /// <summary>
    /// Takes the next token and returns the text that became whole with it: empty while inside a character. An id that is no
    /// token adds nothing.
    /// </summary>
    public string Append(int id)
    {
        _text.Cut(0);
        Append(id, _text);
        return _text.ToString();
    }

    /// <summary>The rest after the last token: what was left of an unfinished character, as U+FFFD.</summary>
    public string Flush()
    {
        _text.Cut(0);
        Flush(_text);
        return _text.ToString();
    }

    /// <summary>Writes what <see cref="Append(int)"/> returns.</summary>
    internal void Append(int id, TextBuffer text)
    {
        if (!_skipSpecialTokens || !_tokenizer.IsSpecial(id)) _joiner.Append(id, text);
    }

    /// <summary>Writes what <see cref="Flush()"/> returns.</summary>
    internal void Flush(TextBuffer text) => _joiner.Flush(text);

    /// <summary>Begins a new sequence.</summary>
    internal void Reset() => _joiner.Reset();
}
