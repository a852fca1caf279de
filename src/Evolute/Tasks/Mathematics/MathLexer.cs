using System.Text;

namespace Evolute.Tasks.Mathematics;

/// <summary>Splits an answer in LaTeX or plain notation into tokens, in one pass.</summary>
internal sealed class MathLexer
{
    /// <summary>Answers of more tokens are compared as text.</summary>
    public const int MaxTokens = 2000;

    private readonly string _text;
    private readonly bool _joinThousands;
    private readonly List<MathToken> _tokens = [];
    private int _at, _depth;
    private bool _spaced;

    private MathLexer(string text, bool joinThousands) => (_text, _joinThousands) = (text, joinThousands);

    /// <summary>The tokens with an end token behind them, or null where there are too many or a structure is not whole.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="joinThousands">Whether <c>1,234</c> outside brackets is one number.</param>
    public static MathToken[]? Read(string text, bool joinThousands = true)
    {
        MathLexer lexer = new(text, joinThousands);
        while (lexer._at < text.Length)
            if (!lexer.Next() || lexer._tokens.Count > MaxTokens) return null;
        lexer.Add(TokenKind.End, "");
        return [.. lexer._tokens];
    }

    private bool Next()
    {
        char c = _text[_at];
        if (char.IsWhiteSpace(c) || c is '~' or '$' or '€' or '£' or '\u200b' or '"')
        {
            _spaced = true;
            _at++;
        }
        else if (char.IsAsciiDigit(c) || (c == '.' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1]))) Number();
        else if (c == '\\') return Command();
        else if (char.IsAsciiLetter(c)) Letters();
        else if (MathVocabulary.Characters.TryGetValue(c, out string? command))
        {
            _at++;
            return Named(command);
        }
        else Punctuation(c);
        return true;
    }

    private void Punctuation(char c)
    {
        _at++;
        char next = _at < _text.Length ? _text[_at] : '\0';
        (char sign, int more) = (c, next) switch
        {
            ('<', '=') => ('≤', 1),
            ('>', '=') => ('≥', 1),
            ('!', '=') => ('≠', 1),
            ('=', '=') => ('=', 1),
            ('*', '*') => ('^', 1),
            ('−' or '–' or '—', _) => ('-', 0),
            (';', _) => (',', 0),
            _ => (c, 0),
        };
        _at += more;
        if (sign is '(' or '[') _depth++;
        if (sign is ')' or ']') _depth--;
        // A full stop ends a sentence, and a thousands separator in braces was seen with its number.
        if (sign != '.') Add(TokenKind.Sign, sign.ToString());
    }

    private void Number()
    {
        StringBuilder digits = new();
        bool point = false;
        while (_at < _text.Length)
        {
            char c = _text[_at];
            if (char.IsAsciiDigit(c)) digits.Append(c);
            else if (c == '.' && !point && IsDigit(_at + 1))
            {
                digits.Append(c);
                point = true;
            }
            else if (Separator() is > 0 and var length)
            {
                _at += length;
                continue;
            }
            else break;
            _at++;
        }
        Repeat(digits, point);
        Add(TokenKind.Number, digits.ToString());
    }

    // "0.1\overline{6}" is the number "0.1(6)".
    private void Repeat(StringBuilder digits, bool point)
    {
        const string Command = "\\overline{";
        int start = _at + (!point && _at < _text.Length && _text[_at] == '.' ? 1 : 0);
        if ((!point && start == _at) || string.CompareOrdinal(_text, start, Command, 0, Command.Length) != 0) return;
        int close = _text.IndexOf('}', start);
        if (close < 0) return;
        ReadOnlySpan<char> period = _text.AsSpan(start + Command.Length, close - start - Command.Length);
        if (period.IsEmpty || period.ContainsAnyExceptInRange('0', '9')) return;
        digits.Append(point ? "(" : ".(").Append(period).Append(')');
        _at = close + 1;
    }

    // The length of a thousands separator here: ",", "{,}", ",\!" or "\," before exactly three digits.
    private int Separator()
    {
        foreach ((string separator, bool plain) in ((string, bool)[])[(",\\!", false), ("{,}", false), ("\\,", false), (",", true)])
        {
            if (string.CompareOrdinal(_text, _at, separator, 0, separator.Length) != 0) continue;
            if (plain && (!_joinThousands || _depth > 0)) return 0;
            int start = _at + separator.Length;
            while (!plain && start < _text.Length && _text[start] == ' ') start++;
            return IsDigit(start) && IsDigit(start + 1) && IsDigit(start + 2) && !IsDigit(start + 3) ? start - _at : 0;
        }
        return 0;
    }

    private bool IsDigit(int at) => at < _text.Length && char.IsAsciiDigit(_text[at]);

    private void Letters()
    {
        int start = _at;
        while (_at < _text.Length && char.IsAsciiLetter(_text[_at])) _at++;
        string run = _text[start.._at];
        // "1orW(x)" and "7or": a separator grows into what follows.
        foreach (string separator in MathVocabulary.Separators)
            if (run == separator || (run.Length == separator.Length + 1 && run.StartsWith(separator, StringComparison.Ordinal) && _tokens.Count > 0))
            {
                _at = start + separator.Length;
                Add(TokenKind.Sign, ",");
                return;
            }
        if (run.Length > 1 && Word(run)) return;
        foreach (char letter in run) Add(TokenKind.Symbol, letter.ToString());
    }

    private bool Word(string run)
    {
        if (MathVocabulary.Percents.Contains(run)) Add(TokenKind.Sign, "%");
        else if (run is "inf" or "infinity" or "oo") Add(TokenKind.Symbol, "infty");
        else if (run == "pi") Add(TokenKind.Symbol, "pi");
        else if (run == "sqrt") Add(TokenKind.Structure, "sqrt");
        else if (MathVocabulary.Functions.Contains(run) && !(run == "min" && _tokens.Count > 0)) Add(TokenKind.Function, run);
        else if (MathVocabulary.Units.Contains(run) || run.Length > 3) Add(TokenKind.Words, run);
        else return false;
        return true;
    }

    private bool Command()
    {
        _at++;
        if (_at == _text.Length) return true;
        char c = _text[_at];
        if (!char.IsAsciiLetter(c))
        {
            _at++;
            switch (c)
            {
                case '{': Add(TokenKind.Sign, "«"); _depth++; break;
                case '}': Add(TokenKind.Sign, "»"); _depth--; break;
                case '%' or '|': Add(TokenKind.Sign, c.ToString()); break;
                case '\\':
                    // Outside a matrix a doubled backslash is one that was escaped twice.
                    if (_at < _text.Length && char.IsAsciiLetter(_text[_at]) && !_tokens.Any(t => t is { Kind: TokenKind.Structure, Text: "begin" }))
                    {
                        _at--;
                        return Command();
                    }
                    Add(TokenKind.Structure, "row");
                    break;
                default: _spaced = true; break;
            }
            return true;
        }
        int start = _at;
        while (_at < _text.Length && char.IsAsciiLetter(_text[_at])) _at++;
        string name = _text[start.._at];
        // "\quadx": the letters behind a space belong to what follows.
        if (name.StartsWith("quad", StringComparison.Ordinal) && name.Length > 4)
        {
            _at = start + 4;
            return true;
        }
        return Named(name);
    }

    private bool Named(string name)
    {
        if (name is "frac" or "dfrac" or "tfrac" or "cfrac") Add(TokenKind.Structure, "frac");
        else if (name is "sqrt") Add(TokenKind.Structure, "sqrt");
        else if (name is "binom" or "dbinom" or "tbinom") Add(TokenKind.Structure, "binom");
        else if (name is "boxed" or "fbox") return true;
        else if (name is "begin" or "end")
        {
            if (Argument() is not { } environment) return false;
            Add(TokenKind.Structure, name);
            if (name == "begin" && environment.StartsWith("array", StringComparison.Ordinal)) Argument();
        }
        else if (MathVocabulary.Wrappers.Contains(name)) return Words();
        else if (MathVocabulary.Signs.TryGetValue(name, out string? sign)) Add(TokenKind.Sign, sign);
        else if (MathVocabulary.Functions.Contains(name)) Add(TokenKind.Function, name);
        else if (name == "varnothing") Add(TokenKind.Symbol, "emptyset");
        else if (!MathVocabulary.Passed.Contains(name)) Add(TokenKind.Symbol, name.StartsWith("var", StringComparison.Ordinal) && name.Length > 5 ? name[3..] : name);
        else if (name is "circ" or "degree") DropCaret();
        return true;
    }

    // "45^\circ" and "45^{\circ}": what is left of the power goes too.
    private void DropCaret()
    {
        bool brace = _tokens.Count > 0 && _tokens[^1].Is('{');
        int caret = _tokens.Count - (brace ? 2 : 1);
        if (caret < 0 || !_tokens[caret].Is('^')) return;
        if (brace && _at < _text.Length && _text[_at] == '}') _at++;
        _tokens.RemoveRange(caret, _tokens.Count - caret);
    }

    private bool Words()
    {
        if (Argument() is not { } words) return false;
        string trimmed = words.Trim().TrimEnd('.').Trim();
        if (MathVocabulary.Separators.Contains(trimmed)) Add(TokenKind.Sign, ",");
        else if (MathVocabulary.Percents.Contains(trimmed) || trimmed is "%" or "\\%") Add(TokenKind.Sign, "%");
        else if (MathVocabulary.Functions.Contains(trimmed)) Add(TokenKind.Function, trimmed);
        else if (trimmed.Trim('(', ')') is [var letter] && char.IsAsciiLetter(letter) && !IsUnit(words, letter)) Add(TokenKind.Symbol, letter.ToString());
        else if (trimmed.Length > 0) Add(TokenKind.Words, trimmed);
        return true;
    }

    // "5\text{ m}" and "5\text{m}" have a unit, "2\mathrm{e}" has not.
    private bool IsUnit(string words, char letter) => _tokens.Count > 0 && (words.StartsWith(' ') || (_tokens[^1].Kind == TokenKind.Number && letter is not ('e' or 'i' or 'x')));

    // What stands between the braces here, or null where they do not close.
    private string? Argument()
    {
        while (_at < _text.Length && _text[_at] == ' ') _at++;
        if (_at >= _text.Length) return null;
        if (_text[_at] != '{') return _text[_at++].ToString();
        int close = BoxedText.Close(_text, _at);
        if (close < 0) return null;
        string inside = _text[(_at + 1)..close];
        _at = close + 1;
        return inside;
    }

    private void Add(TokenKind kind, string text)
    {
        _tokens.Add(new(kind, text, _spaced));
        _spaced = false;
    }
}
