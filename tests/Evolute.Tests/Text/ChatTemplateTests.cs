using System.Diagnostics;
using System.Text.Json;
using CsCheck;
using Evolute.Text;

namespace Evolute.Tests.Text;

public class ChatTemplateTests
{
    private static readonly IReadOnlyList<ChatMessage> Messages =
    [
        new("system", "Be kind."),
        ChatMessage.FromJson(JsonElement.Parse("""{"role":"user","content":" Hi 🙂\n","d":{"b":1,"A":[2,null,true,1.5,"x'y"]}}"""), "test"),
    ];

    /// <summary>What Jinja2 makes of the same template and messages.</summary>
    [Theory]
    [InlineData("{{ messages[0]['role'] }}|{{ messages[-1].content | trim }}|{{ messages | length }}", "system|Hi 🙂|2")]
    [InlineData("{% for m in messages %}\n  {% if not loop.first %}, {% endif %}\n{{ loop.index }}/{{ loop.length }}\n{% endfor %}\nend\n", "1/2\n, 2/2\nend")]
    [InlineData("a\n  {% if true %}  \n  b\n  {%- endif %} c\n  {%+ if true %}d{% endif +%}\ne", "a\n  \n  b c\n  d\ne")]
    [InlineData("{{ messages[1].d }} {{ messages[1].d | tojson }}", "{'b': 1, 'A': [2, None, True, 1.5, \"x'y\"]} {\"b\": 1, \"A\": [2, null, true, 1.5, \"x'y\"]}")]
    [InlineData("{{ messages[1].d | tojson(indent=2) }}", "{\n  \"b\": 1,\n  \"A\": [\n    2,\n    null,\n    true,\n    1.5,\n    \"x'y\"\n  ]\n}")]
    [InlineData("{% for k, v in messages[1].d | dictsort %}{{ k }}={{ v }};{% endfor %}", "A=[2, None, True, 1.5, \"x'y\"];b=1;")]
    [InlineData("{% set ns = namespace(n=0) %}{% for i in range(5) %}{% if i == 3 %}{% break %}{% elif i == 1 %}{% continue %}{% endif %}{% set ns.n = ns.n + i %}{% set gone = i %}{% endfor %}{{ ns.n }}{{ gone }}", "2")]
    [InlineData("{% macro f(a, b='x') %}{{ a ~ b }}{% endmacro %}{{ f(1) }}{{ f(b=2, a='y') | upper }}", "1xY2")]
    [InlineData("{{ 'a b  c'.split() }}{{ 'a,b'.split(',')[-1] }}{{ ' x '.strip() + 'y'.upper() }}{{ 'abc'[::-1] }}{{ 'é🙂z'[1] }}", "['a', 'b', 'c']bxYcba🙂")]
    [InlineData("{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 10 }} {{ 1 + 1.0 }} {{ 10 / 5 }}", "3 -4 2 3.5 1024 2.0 2.0")]
    [InlineData("{{ undefined_thing }}{{ undefined_thing is defined }}{{ undefined_thing | default('d') }}{{ none }}{{ true and 'x' or 'y' }}{{ not 0 }}", "FalsedNonexTrue")]
    [InlineData("{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | list | length }}{{ [3, 1, 2] | sort | join('-') }}", "11-2-3")]
    [InlineData("{% set x %} a {% endset %}[{{ x }}]{% generation %}g{% endgeneration %}{% raw %}{{ r }}{% endraw %}{# c #}", "[ a ]g{{ r }}")]
    [InlineData("{{ 1e16 }} {{ 0.0001 }} {{ 0.00001 }} {{ 123456789012345680.0 }} {{ 1e15 }} {{ 100.0 }}", "1e+16 0.0001 1e-05 1.2345678901234568e+17 1000000000000000.0 100.0")]
    [InlineData("{{ 'x' if false }}{{ 1 < 2 < 3 }}{{ 'a' in 'abc' }}{{ 'z' not in ['a'] }}{{ 'b' in messages[1].d }}{{ (1, 2) }}", "TrueTrueTrueTrue(1, 2)")]
    [InlineData("{{ strftime_now('%d %b %Y, %-d %B %H:%M') }}", "02 Jan 2026, 2 January 03:04")]
    [InlineData("{{ tools is none }}{{ tools is defined }}{{ bos_token }}", "TrueTrue<s>")]
    [InlineData("{{- 'a\\n\\'b\\u00e9' -}}  \n {{ \"q\" 'r' }}", "a\n'béqr")]
    public void Templates_render_as_in_Jinja2(string template, string expected) =>
        Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{{ raise_exception('no system please') }}", "line 1: no system please.")]
    [InlineData("\n\n{{ missing.name }}", "line 3: 'missing' is undefined")]
    [InlineData("{% if x %}", "'{% endif %}' is expected")]
    [InlineData("{{ 1 + }}", "'}}' is not expected here")]
    [InlineData("{{ 'a' + 1 }}", "'+' does not go with a text and a whole number")]
    [InlineData("{{ x | uper }}", "there is no filter 'uper'. Did you mean 'upper'?")]
    [InlineData("{% include 'x' %}", "'{% include %}' is not supported")]
    [InlineData("{{ messages.append(1) }}", "may not do")]
    [InlineData("{% break %}", "outside of any loop")]
    [InlineData("{{ 'open }}", "no closing quote")]
    [InlineData("{# open", "has no end")]
    [InlineData("{{ 1 / 0 }}", "division by zero")]
    [InlineData("{{ range(1000000) }}", "100000 items at most")]
    public void Faults_are_explained(string template, string words)
    {
        ChatTemplateException error = Assert.Throws<ChatTemplateException>(() => Render(template));
        Assert.StartsWith("chat template, line ", error.Message);
        Assert.Contains(words, error.Message);
    }

    [Theory]
    [InlineData("{% for a in range(25000) %}{% for b in range(25000) %}{{ a }}{% endfor %}{% endfor %}")]
    [InlineData("{% set ns = namespace(s='xxxxxxxx') %}{% for a in range(1000) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}")]
    [InlineData("{% set ns = namespace(l=[1, 2]) %}{% for a in range(1000) %}{% set ns.l = ns.l + ns.l %}{% endfor %}")]
    [InlineData("{% macro f(n) %}{{ f(n) }}{% endmacro %}{{ f(1) }}")]
    [InlineData("{% macro f(n) %}{{ f(n) }}{{ f(n) }}{% endmacro %}{{ f(1) }}")]
    [InlineData("{{ 'x' * 1000000000 }}")]
    [InlineData("{{ [1] * 1000000000 }}")]
    [InlineData("{{ 'x' | indent(999999999, true) }}")]
    [InlineData("{{ 9999 ** 9999 }}")]
    [InlineData("{% for a in range(99999) %}{{ range(99999) | list | length }}{% endfor %}")]
    [InlineData("{% set a = 'x' * 100000 %}{% for i in range(100000) %}{{ a.find('y') }}{% endfor %}")]
    [InlineData("{% set a = ('x' * 100000) %}{% for i in range(100000) %}{{ a | trim | length }}{% endfor %}")]
    [InlineData("{% set a = range(100000) | list %}{{ a | unique | list | length }}")]
    public void A_template_that_does_too_much_is_stopped(string template)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Throws<ChatTemplateException>(() => Render(template));
        // Far above what it takes, for machines that are busy; the figure stands in the log.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("-", "")]
    [InlineData("not ", "")]
    [InlineData("1 + ", "")]
    [InlineData("1 if 1 else ", "")]
    public void Deep_nesting_is_an_answer_or_an_error(string open, string close)
    {
        const int depth = 100_000;
        string template = "{{ " + string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth)) + " }}";
        try
        {
            Render(template);
        }
        catch (ChatTemplateException)
        {
        }
    }

    [Fact]
    public void Random_templates_give_text_or_the_typed_error()
    {
        string[] parts =
        [
            "{{", "}}", "{%", "%}", "{%-", "-%}", "{#", "#}", " ", "\n", "if ", "else", "elif ", "endif", "for ", " in ", "endfor", "set ", "endset", "macro ", "endmacro",
            "x", "y", "ns", "messages", "loop", ".index", "[0]", "[1:]", "['role']", ".content", "(", ")", "[", "]", "{", "}", ",", ":", "=", "==", "+", "-", "*", "**", "/", "//",
            "%", "~", "|", " is ", " not ", " and ", " or ", "upper", "trim", "list", "length", "tojson", "map", "select", "join", "sort", "dictsort", "string", "defined",
            "range(9)", "namespace(a=1)", "'a'", "\"b\"", "1", "2.5", "true", "none", "break", "continue", ".split('b')", ".items()", "raw", "endraw", "é🙂", "\\", "'", "\"",
        ];
        Gen.Int[0, parts.Length - 1].Select(i => parts[i]).List[1, 60].Select(string.Concat).Sample(template =>
        {
            try
            {
                Render(template);
            }
            catch (ChatTemplateException)
            {
            }
        }, iter: 20_000);
    }

    [Fact]
    public void Variables_reach_the_template()
    {
        ChatTemplate template = ChatTemplate.Parse("{{ enable_thinking is false }}{{ add_generation_prompt }}{% for t in tools %}{{ t.name }}{% endfor %}");
        Dictionary<string, JsonElement> variables = new() { ["enable_thinking"] = JsonElement.Parse("false"), ["tools"] = JsonElement.Parse("""[{"name":"f"}]""") };
        Assert.Equal("TrueTruef", template.Render(Messages, addGenerationPrompt: true, variables));
    }

    [Fact]
    public void The_template_of_a_folder_is_found()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("evolute-chat-");
        try
        {
            string config = Path.Combine(folder.FullName, "tokenizer_config.json");
            Assert.Null(ChatTemplate.Load(folder.FullName));
            File.WriteAllText(config, """{"bos_token":{"content":"<s>"},"chat_template":[{"name":"tool_use","template":"tools"},{"name":"default","template":"{{ bos_token }}named"}]}""");
            Assert.Equal("<s>named", ChatTemplate.Load(folder.FullName)!.Render(Messages, false));
            File.WriteAllText(Path.Combine(folder.FullName, "chat_template.json"), """{"chat_template":"{{ bos_token }}json"}""");
            Assert.Equal("<s>json", ChatTemplate.Load(folder.FullName)!.Render(Messages, false));
            File.WriteAllText(Path.Combine(folder.FullName, "chat_template.jinja"), "{{ bos_token }}file\n");
            Assert.Equal("<s>file", ChatTemplate.Load(folder.FullName)!.Render(Messages, false));
            File.WriteAllText(Path.Combine(folder.FullName, "chat_template.jinja"), "{% if %}");
            Assert.Contains("chat_template.jinja, line 1: ", Assert.Throws<ChatTemplateException>(() => ChatTemplate.Load(folder.FullName)).Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("[]", 0)]
    [InlineData("""[{"role":"user","content":"x"}]""", 1)]
    [InlineData("""{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"text"}]}]}""", 2)]
    [InlineData("""{"role":"user"}""", -1)]
    [InlineData("""[{"content":"x"}]""", -1)]
    [InlineData("[3]", -1)]
    [InlineData("nonsense", -1)]
    public void Messages_are_read_from_a_file(string text, int count)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            if (count >= 0) Assert.Equal(count, ChatMessage.ReadFile(file).Count);
            else Assert.Contains(file, Assert.Throws<EvoluteInputException>(() => ChatMessage.ReadFile(file)).Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Render(string template) =>
        ChatTemplate.Parse(template, new Dictionary<string, string> { ["bos_token"] = "<s>" }).Render(Messages, addGenerationPrompt: true, now: new DateTime(2026, 1, 2, 3, 4, 5));
}
