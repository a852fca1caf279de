using Evolute.Generation;
using Evolute.Models;
using Evolute.Tasks;
using Evolute.Text;

namespace Evolute.Evolution;

/// <summary>
/// From problems to token ids: the prompt's text as it is, with the tokenizer's own special tokens; or as a user's message in the model's chat template,
/// which writes the special tokens itself. A prompt of messages becomes the template's turns in either case.
/// </summary>
public sealed class PromptEncoder
{
    private readonly ModelDirectory _model;
    private readonly DateTime _date;
    private readonly bool _chat;
    private ChatTemplate? _template;

    private PromptEncoder(ModelDirectory model, bool chat, DateOnly date) =>
        (_model, Tokenizer, _chat, _date) = (model, Tokenizer.Load(model.Path), chat, date.ToDateTime(default));

    /// <summary>The model's tokenizer.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>Reads a model's tokenizer and, for chat, its template.</summary>
    /// <param name="model">The model.</param>
    /// <param name="chatDate">Wraps text in the chat template, which may ask for a date: this one, so that results do not depend on the day; null for text as it is.</param>
    /// <param name="messagesDate">The date for prompts of messages where text is not wrapped; today where it is null.</param>
    /// <exception cref="EvoluteInputException">A file is absent or damaged.</exception>
    public static PromptEncoder Load(ModelDirectory model, DateOnly? chatDate = null, DateOnly? messagesDate = null)
    {
        PromptEncoder encoder = new(model, chatDate is not null, chatDate ?? messagesDate ?? DateOnly.FromDateTime(DateTime.UtcNow));
        if (chatDate is not null) encoder._template = ChatTemplate.Load(model.Path)
            ?? throw new EvoluteInputException($"{model.Path}: the model has no chat template; leave out --chat, or put a {ChatTemplate.FileName} into its folder.");
        return encoder;
    }

    /// <summary>Encodes prompts and checks that they and their responses fit the model.</summary>
    /// <exception cref="EvoluteInputException">A prompt is too long, or has a token that the model has no embedding for; or it is messages, and the model has no chat template or refuses them.</exception>
    public EncodedProblem[] Encode(IReadOnlyList<TaskProblem> problems, int maxNewTokens)
    {
        var encoded = new EncodedProblem[problems.Count];
        for (int i = 0; i < encoded.Length; i++)
        {
            try
            {
                int[] ids = Encode(problems[i]);
                TokenWindow.Check(_model.Spec, ids, maxNewTokens);
                encoded[i] = new(problems[i], ids);
            }
            catch (Exception e) when (e is EvoluteInputException or ChatTemplateException)
            {
                throw new EvoluteInputException($"Problem {problems[i].Id}: {e.Message}", e);
            }
        }
        return encoded;
    }

    private int[] Encode(TaskProblem problem)
    {
        if (problem.Messages is { } messages) return Turns(Template(), [.. messages.Select((message, i) => ChatMessage.FromJson(message, $"message {i + 1}"))]);
        return _chat ? Turns(Template(), [new ChatMessage("user", problem.Prompt)]) : Tokenizer.Encode(problem.Prompt, addSpecialTokens: true);
    }

    private int[] Turns(ChatTemplate template, IReadOnlyList<ChatMessage> messages) => Tokenizer.Encode(template.Render(messages, addGenerationPrompt: true, now: _date), parseSpecial: true);

    // With text alone a model needs none.
    private ChatTemplate Template() => _template ??= ChatTemplate.Load(_model.Path)
        ?? throw new EvoluteInputException($"its prompt is messages, and the model in {_model.Path} has no chat template; put a {ChatTemplate.FileName} into its folder, or say --task-option messages=text.");
}
