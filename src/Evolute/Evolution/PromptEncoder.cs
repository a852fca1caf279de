using Evolute.Generation;
using Evolute.Models;
using Evolute.Tasks;
using Evolute.Text;

namespace Evolute.Evolution;

/// <summary>
/// From problems to token ids: the prompt's text as it is, with the tokenizer's own special tokens; or as a user's message in the model's chat template,
/// which writes the special tokens itself.
/// </summary>
public sealed class PromptEncoder
{
    private readonly ModelSpec _spec;
    private readonly ChatTemplate? _template;
    private readonly DateTime _date;

    private PromptEncoder(ModelSpec spec, Tokenizer tokenizer, ChatTemplate? template, DateTime date) =>
        (_spec, Tokenizer, _template, _date) = (spec, tokenizer, template, date);

    /// <summary>The model's tokenizer.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>Reads a model's tokenizer and, for chat, its template.</summary>
    /// <param name="model">The model.</param>
    /// <param name="chatDate">Wraps prompts in the chat template, which may ask for a date: this one, so that results do not depend on the day; null for prompts as they are.</param>
    /// <exception cref="EvoluteInputException">A file is absent or damaged.</exception>
    public static PromptEncoder Load(ModelDirectory model, DateOnly? chatDate = null)
    {
        ChatTemplate? template = chatDate is null ? null : ChatTemplate.Load(model.Path)
            ?? throw new EvoluteInputException($"{model.Path}: the model has no chat template; leave out --chat, or put a {ChatTemplate.FileName} into its folder.");
        return new PromptEncoder(model.Spec, Tokenizer.Load(model.Path), template, (chatDate ?? default).ToDateTime(default));
    }

    /// <summary>Encodes prompts and checks that they and their responses fit the model.</summary>
    /// <exception cref="EvoluteInputException">A prompt is too long, or has a token that the model has no embedding for.</exception>
    public EncodedProblem[] Encode(IReadOnlyList<TaskProblem> problems, int maxNewTokens)
    {
        var encoded = new EncodedProblem[problems.Count];
        for (int i = 0; i < encoded.Length; i++)
        {
            int[] ids = Encode(problems[i].Prompt);
            try
            {
                TokenWindow.Check(_spec, ids, maxNewTokens);
            }
            catch (EvoluteInputException e)
            {
                throw new EvoluteInputException($"Problem {problems[i].Id}: {e.Message}", e);
            }
            encoded[i] = new(problems[i], ids);
        }
        return encoded;
    }

    private int[] Encode(string prompt) => _template is null
        ? Tokenizer.Encode(prompt, addSpecialTokens: true)
        : Tokenizer.Encode(_template.Render([new ChatMessage("user", prompt)], addGenerationPrompt: true, now: _date), parseSpecial: true);
}
