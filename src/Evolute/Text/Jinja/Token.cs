namespace Evolute.Text.Jinja;

internal enum TokenKind
{
    /// <summary>Text between tags, as it stands.</summary>
    Data,
    VariableBegin,
    VariableEnd,
    BlockBegin,
    BlockEnd,
    Name,
    Text,
    Integer,
    Float,
    Operator,
    End,
}

/// <summary>A token of a template; <paramref name="Text"/> is the content of a string with its escapes resolved.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Line)
{
    public bool Is(string op) => Kind == TokenKind.Operator && Text == op;

    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    public override string ToString() => Kind switch
    {
        TokenKind.End => "the end of the template",
        TokenKind.BlockEnd => "'%}'",
        TokenKind.VariableEnd => "'}}'",
        TokenKind.Data or TokenKind.BlockBegin or TokenKind.VariableBegin => "the end of the tag",
        _ => Models.Quoted.Text(Text),
    };
}
