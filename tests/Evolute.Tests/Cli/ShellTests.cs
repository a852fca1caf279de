using System.Diagnostics;
using System.Globalization;
using Evolute.Cli;
using Evolute.Cli.Verbs;

namespace Evolute.Tests.Cli;

public class ShellTests
{
    public static TheoryData<string> Verbs => [.. EvoluteTool.AllVerbs().Select(v => v.Command.Name)];

    [Theory, MemberData(nameof(Verbs))]
    public void Help_of_every_verb_shows_its_flags_and_examples(string verb)
    {
        ToolResult result = Tool.Call(verb, "--help");
        Assert.Equal(ExitCode.Done, result.Code);
        Assert.Contains($"evolute {verb}", result.Out);
        Assert.Contains("Examples:", result.Out);
        Assert.Contains("--json", result.Out);
        Assert.Equal(result.Out, Tool.Call("help", verb).Out);
    }

    [Fact]
    public void Every_example_has_only_flags_that_its_verb_has()
    {
        foreach (Verb verb in EvoluteTool.AllVerbs())
            foreach (string example in verb.Examples)
                foreach (string flag in example.Split([' ', '='], StringSplitOptions.RemoveEmptyEntries).Where(w => w.StartsWith("--", StringComparison.Ordinal)))
                    Assert.Contains(flag, verb.Command.Options.Select(o => o.Name));
    }

    [Fact]
    public void Every_flag_is_described_and_no_other_way_in_is_left_open()
    {
        foreach (Verb verb in EvoluteTool.AllVerbs())
            Assert.All(verb.Command.Options, o => Assert.False(string.IsNullOrWhiteSpace(o.Description), $"{verb.Command.Name} {o.Name}"));
        // A word that begins with @ is not a file of arguments, and [ ] is no directive to print the parse.
        Assert.Equal("There is no verb '@args.txt'.", Tool.Call("@args.txt").Sentence.Split(" There is:")[0]);
    }

    [Fact]
    public void Version_and_help_go_to_standard_output()
    {
        ToolResult version = Tool.Run("--version");
        Assert.Equal((0, ""), (version.Code, version.Error));
        Assert.StartsWith("0.1.0", version.Out);
        ToolResult help = Tool.Run("--help");
        Assert.Equal((0, ""), (help.Code, help.Error));
        Assert.All(EvoluteTool.AllVerbs(), v => Assert.Contains($"  {v.Command.Name} ", help.Out));
    }

    [Fact]
    public void No_verb_at_all_is_a_usage_error_that_shows_the_verbs()
    {
        ToolResult result = Tool.Run();
        Assert.Equal((ExitCode.BadInput, ""), (result.Code, result.Out));
        Assert.Contains("inspect", result.Error);
    }

    [Theory]
    [InlineData("There is no verb 'inspct'. Did you mean 'inspect'?", "inspct")]
    [InlineData("'evolute env' has no flag '--jsn'. Did you mean '--json'? 'evolute env --help' lists them.", "env", "--jsn")]
    [InlineData("'evolute' has no flag '--modle'. 'evolute --help' lists them.", "--modle", "x")]
    [InlineData("'evolute env' has no place for 'now'; see 'evolute env --help'.", "env", "now")]
    [InlineData("'evolute reward' wants a TASK: one of arc, conciseness, countdown, gsm8k, jsonl, math, sudoku.", "reward")]
    [InlineData("There is no task 'countdwn'. Did you mean 'countdown'?", "reward", "countdwn", "--input", "x")]
    [InlineData("--threads: '0,5' is not a whole number.", "inspect", "--threads", "0,5")]
    [InlineData("--threads: '0' is not within 1 to 4096.", "inspect", "--threads", "0")]
    [InlineData("--threads: '-1' is not within 1 to 4096.", "inspect", "--threads=-1")]
    [InlineData("--threads: '99999999999999999999' is not within 1 to 4096.", "inspect", "--threads", "99999999999999999999")]
    [InlineData("--threads wants a value.", "inspect", "--threads")]
    [InlineData("--json is given 2 times; give it once.", "env", "--json", "--json")]
    [InlineData("--threads is given 2 times; give it once.", "inspect", "--threads", "1", "--threads", "1")]
    [InlineData("--input-ids: 'x' is not a token's id; write ids as 1,2,3.", "score", "--input-ids", "1,x")]
    [InlineData("--device: this build has no CUDA engine; use --device cpu.", "score", "--device", "cuda:0", "--input-ids", "1")]
    [InlineData("--device: there is no device 'tpu'; use cpu.", "score", "--device", "tpu", "--input-ids", "1")]
    [InlineData("--model: there is no folder './nowhere/model'; name a model's folder in Hugging Face layout, or a model of the hub as ORG/NAME.", "inspect", "--model", "./nowhere/model")]
    [InlineData("--task-option: 'max-number' is not KEY=VALUE.", "reward", "countdown", "--input", "-", "--task-option", "max-number")]
    public void Bad_usage_is_one_sentence_and_exit_code_2(string sentence, params string[] args)
    {
        ToolResult result = Tool.Call(args);
        Assert.Equal((ExitCode.BadInput, "", sentence), (result.Code, result.Out, result.Sentence));
    }

    [Fact]
    public void The_trace_variable_shows_where_an_error_comes_from()
    {
        ToolResult result = Tool.RunWith(new Dictionary<string, string> { [EvoluteTool.TraceVariable] = "1" }, "", "inspect", "--model", "./nowhere");
        Assert.Equal(ExitCode.BadInput, result.Code);
        Assert.Contains("   at Evolute.Cli.ModelFolder.Find(", result.Error);
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_the_tool_quietly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Broken pipes are a thing of Unix.");
        using Process process = Tool.Start(Tool.NoVariables, "reward", "countdown", "--input", "-");
        process.StandardOutput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        // Standard input stays open: the tool ends because nobody reads, not because there is nothing more to do.
        await process.StandardInput.WriteLineAsync(Row);
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((ExitCode.Done, ""), (process.ExitCode, await error));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_interrupts_with_130(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Signals are a thing of Unix.");
        using Process process = Tool.Start(Tool.NoVariables, "reward", "countdown", "--input", "-");
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteLineAsync(Row);
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        // Once the row's reward is here the tool is at work, waiting for the next row.
        Assert.Equal("""{"reward":0.05,"parts":{"format":0.5,"answer":0}}""", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        using (Process kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {process.Id}")]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((ExitCode.Interrupted, "Interrupted.\n"), (process.ExitCode, await error));
    }

    private const string Row = """{"response":"<answer>1</answer>","numbers":[1,2,3],"target":7}""";
}
