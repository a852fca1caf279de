using System.Text.Json;
using Evolute.Cli;
using Evolute.Tasks;

namespace Evolute.Tests.Cli;

public class RewardVerbTests
{
    private const string Good = """{"response":"<think>a</think>\n<answer>1+2*3</answer>","numbers":[1,2,3],"target":7}""";

    [Fact]
    public void Rows_come_out_as_rewards_with_parts()
    {
        ToolResult result = Tool.RunWith(Tool.NoVariables, "\uFEFF" + Good + "\r\n\n" + """{"response":"é 😀","numbers":[1,2,3],"target":7}""", "reward", "countdown", "--input", "-");
        Assert.Equal(ExitCode.Done, result.Code);
        string[] rows = result.Out.TrimEnd('\n').Split('\n');
        Assert.Equal(["""{"reward":1.1,"parts":{"format":1,"answer":1}}""", """{"reward":0,"parts":{"format":0,"answer":0}}"""], rows);
        Assert.Equal("2 rows, mean reward 0.55, 1 correct", result.Sentence);
    }

    [Fact]
    public void The_reference_rows_get_the_reference_rewards()
    {
        string path = SharedFixtures.Path("data", "countdown-reward", "shared.jsonl");
        ToolResult result = Tool.Call("reward", "countdown", "--input", path, "--json");
        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        string[] rows = result.Out.TrimEnd('\n').Split('\n'), expected = File.ReadAllLines(path);
        Assert.Equal(expected.Length, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            JsonElement want = JsonElement.Parse(expected[i]);
            double reward = want.GetProperty("expected_error").ValueKind == JsonValueKind.String ? 0 : want.GetProperty("expected_reward").GetDouble();
            Assert.Equal(reward, JsonElement.Parse(rows[i]).GetProperty("reward").GetDouble());
        }
    }

    [Theory]
    [InlineData("standard input, row 2 has no column 'numbers'.", """{"response":"x","target":7}""")]
    [InlineData("standard input, row 2: column 'response' must be a string, not a number.", """{"response":1,"numbers":[1],"target":7}""")]
    [InlineData("standard input, row 2 is not a JSON object: write one object a line, with the column 'numbers'.", "[1]")]
    [InlineData("standard input, row 2 is not valid JSON: ", "{\"response\":\"x\"")]
    [InlineData("standard input, row 2 is not valid JSON: ", "{\"target\":1,\"target\":2}")]
    public void A_bad_row_is_named_and_the_rows_before_it_stand(string sentence, string row)
    {
        ToolResult result = Tool.CallWith(Good + "\n" + row + "\n" + Good, CancellationToken.None, "reward", "countdown", "--input", "-");
        Assert.Equal(ExitCode.BadInput, result.Code);
        Assert.StartsWith(sentence, result.Sentence);
        Assert.Single(result.Out.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("--input: there is no file 'no.jsonl'.", "--input", "no.jsonl")]
    [InlineData("'evolute reward' wants --input; see 'evolute reward --help'.")]
    [InlineData("Countdown has no option 'max-numbr'. Did you mean 'max-number'?", "--input", "-", "--task-option", "max-numbr=3")]
    [InlineData("--task-option: 'max-number' is given twice.", "--input", "-", "--task-option", "max-number=3", "--task-option", "max-number=4")]
    public void Bad_flags_are_refused(string sentence, params string[] args)
    {
        ToolResult result = Tool.Call(["reward", "countdown", .. args]);
        Assert.Equal((ExitCode.BadInput, sentence), (result.Code, result.Sentence));
    }

    [Fact]
    public void A_cancelled_token_interrupts()
    {
        ToolResult result = Tool.CallWith(Good, new CancellationToken(canceled: true), "reward", "countdown", "--input", "-");
        Assert.Equal((ExitCode.Interrupted, "Interrupted."), (result.Code, result.Sentence));
    }

    [Fact]
    public void An_endless_row_is_refused_without_being_read_whole()
    {
        using EndlessStream endless = new();
        EvoluteInputException error = Assert.Throws<EvoluteInputException>(() => JsonLines.Read(endless, "endless.jsonl").Count());
        Assert.Equal($"endless.jsonl, row 1 is longer than {JsonLines.MaxRowBytes} bytes.", error.Message);
        Assert.True(endless.Given <= 4L * JsonLines.MaxRowBytes);
    }

    [Fact]
    public void Rows_are_the_same_however_the_stream_is_chopped()
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 200).Select(i => i % 7 == 0 ? "" : $$"""{"i":{{i}},"s":"{{new string('é', i * 3)}}"}""")));
        string[] whole = Rows(new MemoryStream(bytes));
        foreach (int piece in (int[])[1, 2, 7, 64, 4096]) Assert.Equal(whole, Rows(new ChoppedStream(bytes, piece)));
        Assert.Equal(200 - 29, whole.Length);
        Assert.Contains("row 200: 199", whole);

        static string[] Rows(Stream stream) => [.. JsonLines.Read(stream, "f").Select(r => $"{r.Place[3..]}: {r.Row.GetProperty("i").GetInt32()}")];
    }

    private sealed class ChoppedStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));
    }

    private sealed class EndlessStream : MemoryStream
    {
        public long Given { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)'a');
            Given += count;
            return count;
        }
    }
}
