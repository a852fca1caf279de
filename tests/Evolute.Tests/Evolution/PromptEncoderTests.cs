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
    public void Messages_are_turns_of_the_template_with_or_without_chat()
    {
        using TempFolder folder = new();
        foreach (string file in Directory.GetFiles(BundledModel.Locate())) File.Copy(file, folder[Path.GetFileName(file)]);
        TaskProblem problem = Problem with { Id = "row 3", Messages = [.. JsonElement.Parse("""[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Yes?"},{"role":"user","content":"1+1"}]""").EnumerateArray()] };
        Assert.Equal(
            $"Problem row 3: its prompt is messages, and the model in {folder.Path} has no chat template; put a chat_template.jinja into its folder, or say --task-option messages=text.",
            Assert.Throws<EvoluteInputException>(() => PromptEncoder.Load(ModelDirectory.Open(folder.Path)).Encode([Problem, problem], 16)).Message);
        File.WriteAllText(folder[ChatTemplate.FileName], "{{ strftime_now('%d') }}{% for m in messages %}{% if m.role == 'tool' %}{{ raise_exception('no tools') }}{% endif %}[{{ m.role }}]{{ m.content }}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}");
        int[] expected = Tokenizer.Load(folder.Path).Encode("02[system]Be kind.[user]Hi[assistant]Yes?[user]1+1[assistant]", parseSpecial: true);
        foreach (DateOnly? chat in (DateOnly?[])[null, new(2026, 1, 2)])
            Assert.Equal(expected, PromptEncoder.Load(ModelDirectory.Open(folder.Path), chat, new(2026, 1, 2)).Encode([problem], 16)[0].Ids);
        problem = problem with { Messages = [JsonElement.Parse("""{"role":"tool","content":"x"}""")] };
        string refused = Assert.Throws<EvoluteInputException>(() => PromptEncoder.Load(ModelDirectory.Open(folder.Path)).Encode([problem], 16)).Message;
        Assert.StartsWith("Problem row 3: ", refused, StringComparison.Ordinal);
        Assert.Contains("no tools", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prompt_that_does_not_fit_the_window_is_named() =>
        Assert.Contains("Problem test-0:", Assert.Throws<EvoluteInputException>(() => Encode(BundledModel.Locate(), null, 1 << 20)).Message, StringComparison.Ordinal);

    private static int[] Encode(string model, DateOnly? chatDate, int maxNewTokens = 16) => PromptEncoder.Load(ModelDirectory.Open(model), chatDate).Encode([Problem], maxNewTokens)[0].Ids;
}
