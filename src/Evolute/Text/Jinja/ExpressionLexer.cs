using System.Globalization;

namespace Evolute.Text.Jinja;

/// <summary>Reads the tokens inside one tag, up to and with its end.</summary>
internal ref struct ExpressionLexer
{
    private static readonly string[] Operators =
        ["//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];

    private readonly string _source;
    private readonly List<Token> _tokens;
    private readonly Stack<char> _open = [];
    private int _at;

    private ExpressionLexer(string source, int at, List<Token> tokens) => (_source, _at, _tokens) = (source, at, tokens);

    /// <summary>Adds the tokens and returns the place after the tag; <paramref name="sign"/> is '-' or '+' before its end.</summary>
    public static int Read(string source, int at, bool variable, ref int line, List<Token> tokens, out char sign)
    {
        ExpressionLexer lexer = new(source, at, tokens);
        string end = variable ? "}}" : "%}";
        while (true)
        {
            lexer.SkipWhiteSpace(ref line);
            if (lexer._at >= source.Length) throw new TemplateException($"a tag has no end '{end}'.");
            if (lexer._open.Count == 0 && lexer.AtEnd(end, variable, out sign))
            {
                tokens.Add(new Token(variable ? TokenKind.VariableEnd : TokenKind.BlockEnd, "", line));
                return lexer._at + end.Length + (sign == ' ' ? 0 : 1);
            }
            lexer.Next(ref line);
        }
    }

    private readonly bool AtEnd(string end, bool variable, out char sign)
    {
        sign = _source[_at] == '-' || (_source[_at] == '+' && !variable) ? _source[_at] : ' ';
        return string.CompareOrdinal(_source, sign == ' ' ? _at : _at + 1, end, 0, end.Length) == 0;
    }

    private void SkipWhiteSpace(ref int line)
    {
        for (; _at < _source.Length && char.IsWhiteSpace(_source[_at]); _at++)
            if (_source[_at] == '\n') line++;
    }

    private void Next(ref int line)
    {
        char c = _source[_at];
        if (char.IsAsciiDigit(c)) Number(line);
        else if (c == '_' || char.IsLetter(c)) Name(line);
        else if (c is '\'' or '"') Quoted(c, ref line);
        else Operator(line);
    }

    private void Name(int line)
    {
        int start = _at;
        while (_at < _source.Length && (_source[_at] == '_' || char.IsLetterOrDigit(_source[_at]))) _at++;
        _tokens.Add(new Token(TokenKind.Name, _source[start.._at], line));
    }

    private void Number(int line)
    {
        int start = _at;
        Digits();
        bool isFloat = false;
        // After a dot ("messages.0.role") digits are an index.
        if (start == 0 || _source[start - 1] != '.')
        {
            if (DigitAt(_at + 1) && _source[_at] == '.')
            {
                isFloat = true;
                _at++;
                Digits();
            }
            int exponent = _at + 1 < _source.Length && _source[_at + 1] is '+' or '-' ? _at + 2 : _at + 1;
            if (_at < _source.Length && _source[_at] is 'e' or 'E' && DigitAt(exponent))
            {
                isFloat = true;
                _at = exponent;
                Digits();
            }
        }
        _tokens.Add(new Token(isFloat ? TokenKind.Float : TokenKind.Integer, _source[start.._at].Replace("_", "", StringComparison.Ordinal), line));
    }

    private void Digits()
    {
        while (DigitAt(_at) || (_at < _source.Length && _source[_at] == '_' && DigitAt(_at + 1))) _at++;
    }

    private readonly bool DigitAt(int at) => at < _source.Length && char.IsAsciiDigit(_source[at]);

    private void Quoted(char quote, ref int line)
    {
        int end = _at + 1;
        while (end < _source.Length && _source[end] != quote) end += _source[end] == '\\' ? 2 : 1;
        if (end >= _source.Length) throw new TemplateException("a string has no closing quote.");
        ReadOnlySpan<char> content = _source.AsSpan(_at + 1, end - _at - 1);
        _tokens.Add(new Token(TokenKind.Text, StringEscapes.Resolve(content), line));
        line += content.Count('\n');
        _at = end + 1;
    }

    private void Operator(int line)
    {
        foreach (string op in Operators)
        {
            if (string.CompareOrdinal(_source, _at, op, 0, op.Length) != 0) continue;
            if (op is "(" or "[" or "{") _open.Push(op == "(" ? ')' : op == "[" ? ']' : '}');
            if (op is ")" or "]" or "}" && (!_open.TryPop(out char wanted) || wanted != op[0])) throw new TemplateException($"unexpected '{op}'.");
            _tokens.Add(new Token(TokenKind.Operator, op, line));
            _at += op.Length;
            return;
        }
        throw new TemplateException(string.Create(CultureInfo.InvariantCulture, $"unexpected character {Models.Quoted.Text(_source[_at].ToString())}."));
    }
}
