namespace Evolute.Text.Jinja;

/// <summary>
/// Cuts a template into text and tags with the white-space rules that chat templates are written for: <c>trim_blocks</c> and
/// <c>lstrip_blocks</c> on, the last line break dropped.
/// </summary>
internal sealed class TemplateLexer
{
    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _at;
    private int _line = 1;

    // Whether what was read last ended a line, so that a tag may be the first thing on its line.
    private bool _lineStarts = true;

    private TemplateLexer(string source)
    {
        _source = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (_source.EndsWith('\n')) _source = _source[..^1];
    }

    public static List<Token> Tokenize(string source)
    {
        TemplateLexer lexer = new(source);
        try
        {
            while (lexer._at < lexer._source.Length) lexer.Next();
        }
        catch (TemplateException e)
        {
            e.Line ??= lexer._line;
            throw;
        }
        lexer._tokens.Add(new Token(TokenKind.End, "", lexer._line));
        return lexer._tokens;
    }

    private void Next()
    {
        int open = FindOpening(_at);
        if (open < 0)
        {
            AddData(_source[_at..], _source.Length);
            return;
        }
        char kind = _source[open + 1], sign = open + 2 < _source.Length ? _source[open + 2] : ' ';
        AddData(Trimmed(_source[_at..open], sign, mayStrip: kind != '{'), open);
        int content = open + (sign is '-' or '+' ? 3 : 2);
        if (kind == '#') Comment(content);
        else if (kind == '%' && RawBodyStart(content) is int body and > 0) Raw(body);
        else Tag(content, kind == '{');
    }

    private int FindOpening(int from)
    {
        for (int i = from; (i = _source.IndexOf('{', i)) >= 0 && i + 1 < _source.Length; i++)
            if (_source[i + 1] is '{' or '%' or '#') return i;
        return -1;
    }

    /// <summary>The text before a tag, without what the tag strips.</summary>
    private string Trimmed(string text, char sign, bool mayStrip)
    {
        if (sign == '-') return text.TrimEnd();
        if (sign == '+' || !mayStrip) return text;
        int line = text.LastIndexOf('\n') + 1;
        bool alone = (line > 0 || _lineStarts) && line < text.Length && string.IsNullOrWhiteSpace(text[line..]);
        return alone ? text[..line] : text;
    }

    private void AddData(string text, int end)
    {
        if (text.Length > 0) _tokens.Add(new Token(TokenKind.Data, text, _line));
        MoveTo(end);
        _lineStarts = false;
    }

    private void MoveTo(int end)
    {
        _line += _source.AsSpan(_at, end - _at).Count('\n');
        _at = end;
    }

    /// <summary>Goes past a tag's end and the white space that it takes along.</summary>
    private void Close(int end, char sign, bool trims)
    {
        if (sign == '-')
            while (end < _source.Length && char.IsWhiteSpace(_source[end])) end++;
        else if (trims && sign != '+' && end < _source.Length && _source[end] == '\n') end++;
        MoveTo(end);
        _lineStarts = end > 0 && _source[end - 1] == '\n';
    }

    private void Comment(int content)
    {
        int end = _source.IndexOf("#}", content, StringComparison.Ordinal);
        if (end < 0) throw new TemplateException("a comment '{#' has no end '#}'.");
        Close(end + 2, end > content ? _source[end - 1] : ' ', trims: true);
    }

    private void Tag(int content, bool variable)
    {
        _tokens.Add(new Token(variable ? TokenKind.VariableBegin : TokenKind.BlockBegin, "", _line));
        MoveTo(content);
        int end = ExpressionLexer.Read(_source, content, variable, ref _line, _tokens, out char sign);
        _at = end;
        Close(end, sign, trims: !variable);
    }

    /// <summary>Where the body of <c>{% raw %}</c> starts, 0 where the tag is another.</summary>
    private int RawBodyStart(int content)
    {
        int at = SkipWhiteSpace(content);
        if (string.CompareOrdinal(_source, at, "raw", 0, 3) != 0) return 0;
        at = SkipWhiteSpace(at + 3);
        if (string.CompareOrdinal(_source, at, "%}", 0, 2) == 0) return at + 2;
        return string.CompareOrdinal(_source, at, "-%}", 0, 3) == 0 ? SkipWhiteSpace(at + 3) : 0;
    }

    private void Raw(int body)
    {
        MoveTo(body);
        _lineStarts = false;
        for (int open = body; (open = _source.IndexOf("{%", open, StringComparison.Ordinal)) >= 0; open += 2)
        {
            char sign = open + 2 < _source.Length ? _source[open + 2] : ' ';
            int at = SkipWhiteSpace(open + (sign is '-' or '+' ? 3 : 2));
            if (string.CompareOrdinal(_source, at, "endraw", 0, 6) != 0) continue;
            at = SkipWhiteSpace(at + 6);
            char closing = at < _source.Length && _source[at] is '-' or '+' ? _source[at++] : ' ';
            if (string.CompareOrdinal(_source, at, "%}", 0, 2) != 0) continue;
            AddData(Trimmed(_source[body..open], sign, mayStrip: true), open);
            Close(at + 2, closing, trims: true);
            return;
        }
        throw new TemplateException("'{% raw %}' has no '{% endraw %}'.");
    }

    private int SkipWhiteSpace(int at)
    {
        while (at < _source.Length && char.IsWhiteSpace(_source[at])) at++;
        return at;
    }
}
