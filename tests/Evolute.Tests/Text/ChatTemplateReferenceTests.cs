using System.Globalization;
using System.Text.Json;
using Evolute.Text;

namespace Evolute.Tests.Text;

public class ChatTemplateReferenceTests
{
    [Theory]
    [InlineData("qwen2.5")]
    [InlineData("qwen3")]
    [InlineData("smollm3")]
    [InlineData("gemma-3")]
    [InlineData("gemma-4")]
    [InlineData("phi-3-mini")]
    public void Every_reference_case_renders_as_expected(string family)
    {
        JsonElement root = JsonElement.Parse(File.ReadAllText(SharedFixtures.Path("fixtures", "chat-templates", family + ".json")));
        Dictionary<string, string> tokens = root.GetProperty("tokens").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);
        DateTime now = DateTime.Parse(root.GetProperty("now").GetString()!, CultureInfo.InvariantCulture);
        ChatTemplate template = ChatTemplate.Parse(root.GetProperty("template").GetString()!, tokens, family);
        int cases = 0;
        foreach (JsonElement expected in root.GetProperty("cases").EnumerateArray())
        {
            cases++;
            List<ChatMessage> messages = [.. expected.GetProperty("messages").EnumerateArray().Select(m => ChatMessage.FromJson(m, family))];
            string Render() => template.Render(messages, expected.GetProperty("add_generation_prompt").GetBoolean(), now: now);
            if (expected.TryGetProperty("error", out JsonElement error))
            {
                ChatTemplateException thrown = Assert.Throws<ChatTemplateException>(Render);
                string reason = error.GetString()!;
                if (reason.StartsWith("TemplateError: ", StringComparison.Ordinal)) Assert.Contains(reason["TemplateError: ".Length..], thrown.Message);
                else Assert.Contains("has no element 0", thrown.Message);
            }
            else
            {
                Assert.Equal(expected.GetProperty("expected").GetString(), Render());
            }
        }
        Assert.True(cases >= 10, $"only {cases} cases");
    }

    [Fact]
    public void A_model_folder_gives_its_template()
    {
        ChatTemplate template = ChatTemplate.Load(SharedFixtures.Path("fixtures", "tokenizers", "qwen2.5"))!;
        Assert.Equal(
            "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n",
            template.Render([new ChatMessage("user", "Hello")], addGenerationPrompt: true));
        ChatTemplate inConfig = ChatTemplate.Load(SharedFixtures.Path("fixtures", "tokenizers", "phi-3-mini"))!;
        Assert.Equal("<s><|user|>\nHello<|end|>\n<|assistant|>\n", inConfig.Render([new ChatMessage("user", "Hello")], addGenerationPrompt: false));
        Assert.Null(ChatTemplate.Load(SharedFixtures.Path("fixtures", "tokenizers", "llama2")));
    }
}
