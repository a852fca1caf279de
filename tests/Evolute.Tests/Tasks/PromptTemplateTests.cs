using CsCheck;
using Evolute.Tasks;

namespace Evolute.Tests.Tasks;

public class PromptTemplateTests
{
    private static readonly Gen<string> Literal = Gen.String[Gen.Char["a \n{}é\\"], 0, 8];
    private static readonly Gen<string> Name = Gen.String[Gen.Char["ab -ü"], 1, 4];

    [Fact]
    public void Literals_and_fields_come_out_as_they_went_in() => Gen.Select(Literal, Name, Literal, Name, Literal).Sample((before, first, between, second, after) =>
    {
        PromptTemplate template = PromptTemplate.Parse($"{Escaped(before)}{{{first}}}{Escaped(between)}{{{second}}}{Escaped(after)}", "t");
        Assert.Equal(new[] { first, second }.Distinct(), template.Fields);
        Assert.Equal($"{before}<{first}>{between}<{second}>{after}", template.Render(name => $"<{name}>"));
    });

    [Fact]
    public void What_a_column_holds_is_never_read_as_a_template() => Assert.Equal("{b}{{", PromptTemplate.Parse("{a}{{{{", "t").Render(_ => "{b}"));

    [Theory]
    [InlineData("{a", 1, '{')]
    [InlineData("x{}", 2, '{')]
    [InlineData("{a}}", 4, '}')]
    [InlineData("{a{b}", 1, '{')]
    [InlineData("{{a}", 4, '}')]
    [InlineData("}{a}", 1, '}')]
    public void A_brace_alone_is_named(string text, int at, char brace) =>
        Assert.Equal($"t: the {brace} at character {at} belongs to no {{column}}; write {brace}{brace} for the brace itself.", Assert.Throws<EvoluteInputException>(() => PromptTemplate.Parse(text, "t")).Message);

    private static string Escaped(string text) => text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
}
