using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>A wrong model ends a training before it begins: one sentence, exit code 2, and nothing left behind.</summary>
public class BadModelTests
{
    public static TheoryData<string> Faults => [.. BrokenModel.Names];

    private static readonly Dictionary<string, string> Sentences = new()
    {
        ["truncated"] = "model.safetensors: ",
    };

    [Theory, MemberData(nameof(Faults))]
    public void A_broken_model_is_one_sentence_and_exit_code_2(string fault)
    {
        using TempFolder temp = new();
        BrokenModel.Create(temp["model"], fault);
        IReadOnlyList<string> before = Folders.State(temp.Path);
        ToolResult result = Tool.Call(new TinyRun().Train(temp["run"], "--model", temp["model"]));
        Assert.Equal((2, ""), (result.Code, result.Out));
        Assert.Contains(Sentences.GetValueOrDefault(fault, "?"), result.Sentence, StringComparison.Ordinal);
        Assert.Equal(before, Folders.State(temp.Path));
    }
}
