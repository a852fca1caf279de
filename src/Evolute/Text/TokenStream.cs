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

    internal TokenStream(Tokenizer tokenizer, TextJoiner joiner, bool skipSpecialTokens) =>
        (_tokenizer, _joiner, _skipSpecialTokens) = (tokenizer, joiner, skipSpecialTokens);

    /// <summary>
    /// Takes the next token and returns the text that became whole with it: empty while inside a character. An id that is no
    /// token adds nothing.
    /// </summary>
    public string Append(int id) => _skipSpecialTokens && _tokenizer.IsSpecial(id) ? "" : _joiner.Append(id);

    /// <summary>The rest after the last token: what was left of an unfinished character, as U+FFFD.</summary>
    public string Flush() => _joiner.Flush();
}
