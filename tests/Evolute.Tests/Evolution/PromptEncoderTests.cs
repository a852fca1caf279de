using System.Text.Json;
using Evolute.Evolution;
using Evolute.Models;
using Evolute.Tasks;
using Evolute.Text;

namespace Evolute.Tests.Evolution;

public class PromptEncoderTests
{
    private static readonly TaskProblem Problem = new() { Id = "test-0", Prompt = "Numbers: 3 7 25. Target: 46.\n<think>", Columns = JsonElement.Parse("{}") };

    [Fact]
    public void A_prompt_goes_in_as_it_is() =>
        Assert.Equal(Tokenizer.Load(BundledModel.Locate()).Encode(Problem.Prompt), Encode(BundledModel.Locate(), null));

    [Fact]
    public void With_chat_it_is_a_user_s_message_in_the_template_on_the_day_that_is_given()
    {
        using TempFolder folder = new();
        foreach (string file in Directory.GetFiles(BundledModel.Locate())) File.Copy(file, folder[Path.GetFileName(file)]);
        Assert.Contains("no chat template", Assert.Throws<EvoluteInputException>(() => Encode(folder.Path, new(2026, 1, 2))).Message, StringComparison.Ordinal);
        File.WriteAllText(folder[ChatTemplate.FileName], "{{ strftime_now('%d %b %Y') }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}");
        int[] expected = Tokenizer.Load(folder.Path).Encode($"02 Jan 2026[user]{Problem.Prompt}[assistant]", parseSpecial: true);
        Assert.Equal(expected, Encode(folder.Path, new(2026, 1, 2)));
    }

    [Fact]
    public void A_prompt_that_does_not_fit_the_window_is_named() =>
        Assert.Contains("Problem test-0:", Assert.Throws<EvoluteInputException>(() => Encode(BundledModel.Locate(), null, 1 << 20)).Message, StringComparison.Ordinal);

    private static int[] Encode(string model, DateOnly? chatDate, int maxNewTokens = 16) => PromptEncoder.Load(ModelDirectory.Open(model), chatDate).Encode([Problem], maxNewTokens)[0].Ids;
}
