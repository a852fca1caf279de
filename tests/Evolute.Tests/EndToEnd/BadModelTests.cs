using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>A wrong model ends a training before it begins: one sentence, exit code 2, and nothing left behind.</summary>
public class BadModelTests
{
    public static TheoryData<string> Faults => [.. BrokenModel.Names];

    private static readonly Dictionary<string, string> Sentences = new()
    {
        ["truncated"] = "/model.safetensors: ",
        ["cut in the header"] = "/model.safetensors: the file is cut short: its header takes ",
        ["empty"] = "/model.safetensors: 0 bytes are too few for a safetensors file",
        ["huge header"] = "/model.safetensors: a header of 9223372036854775807 bytes is impossible",
        ["header over the cap"] = "/model.safetensors: a header of 200000000 bytes is impossible",
        ["overlap"] = "so tensors overlap; the file is damaged",
        ["wrong shape"] = "but config.json asks for [",
        ["not a number"] = " is not a number; the checkpoint is damaged",
        ["no weights"] = "/model: there is neither model.safetensors nor ",
        ["unknown architecture"] = "is not supported: the supported architectures are ",
        ["narrow window"] = "are more than the model's window of 20; lower --max-new-tokens or shorten the prompt.",
        ["damaged config"] = "/config.json: the file is not valid JSON",
        ["no config"] = "/model: there is no config.json",
        ["no tokenizer"] = "/tokenizer.json: there is no such file",
        ["damaged tokenizer"] = "/tokenizer.json: ",
        ["damaged settings"] = "/evolute.json: the file is not valid JSON",
        ["unknown setting"] = "/evolute.json: there is no setting 'sigmas'. Did you mean 'sigma'?",
        ["unknown task option"] = "'max-numbers'",
    };

    [Theory, MemberData(nameof(Faults))]
    public void A_broken_model_is_one_sentence_and_exit_code_2(string fault)
    {
        using TempFolder temp = new();
        BrokenModel.Create(temp["model"], fault);
        IReadOnlyList<string> before = Folders.State(temp.Path);
        ToolResult result = Tool.Call(new TinyRun().Train(temp["run"], "--model", temp["model"]));
        Assert.Equal((2, ""), (result.Code, result.Out));
        Assert.Contains(Sentences[fault], result.Sentence, StringComparison.Ordinal);
        Assert.Equal(before, Folders.State(temp.Path));
    }
}
