using Evolute.Cli.Flags;
using Evolute.Models;
using Evolute.Text;

namespace Evolute.Cli;

/// <summary>A model's folder and the sequences of a call as token ids, from text or from ids.</summary>
/// <param name="Model">The model.</param>
/// <param name="Tokenizer">Its tokenizer, or null where the folder has none.</param>
/// <param name="Sequences">The sequences.</param>
internal sealed record PromptInput(ModelDirectory Model, Tokenizer? Tokenizer, IReadOnlyList<int[]> Sequences)
{
    /// <summary>Reads the model's text side and encodes.</summary>
    /// <param name="call">The call.</param>
    /// <param name="model">The flag that names the model.</param>
    /// <param name="texts">The flag that gives texts.</param>
    /// <param name="inputIds">The flag that gives ids.</param>
    /// <param name="chat">Whether a text is what a user says, to be wrapped in the model's chat template.</param>
    /// <exception cref="EvoluteInputException">There is neither text nor ids, or both; or text and no tokenizer, or no chat template.</exception>
    public static PromptInput Read(
        VerbCall call, Flag<string?> model, Flag<IReadOnlyList<string>> texts, Flag<IReadOnlyList<int[]>> inputIds, bool chat)
    {
        if (call.Has(texts) == call.Has(inputIds)) throw new EvoluteInputException($"Give either {texts.Display} or {inputIds.Display}.");
        ModelDirectory directory = ModelDirectory.Open(ModelFolder.Of(call, call.Get(model)));
        // A model without a tokenizer works with ids alone.
        Tokenizer? tokenizer = File.Exists(Path.Combine(directory.Path, "tokenizer.json")) ? Tokenizer.Load(directory.Path) : null;
        if (call.Has(inputIds)) return new(directory, tokenizer, call.Get(inputIds));
        if (tokenizer is null) throw new EvoluteInputException($"{directory.Path}: there is no tokenizer.json, so give token ids with {inputIds.Display} instead of {texts.Display}.");
        ChatTemplate? template = chat ? LoadTemplate(directory.Path) : null;
        return new(directory, tokenizer, [.. call.Get(texts).Select(text => Encode(tokenizer, template, text))]);
    }

    /// <summary>A model's chat template.</summary>
    /// <exception cref="EvoluteInputException">It has none.</exception>
    public static ChatTemplate LoadTemplate(string folder) => ChatTemplate.Load(folder)
        ?? throw new EvoluteInputException($"{folder}: the model has no chat template ({ChatTemplate.FileName}, or chat_template in tokenizer_config.json).");

    // A template writes the special tokens itself.
    private static int[] Encode(Tokenizer tokenizer, ChatTemplate? template, string text) => template is null
        ? tokenizer.Encode(text, addSpecialTokens: true)
        : tokenizer.Encode(template.Render([new ChatMessage("user", text)], addGenerationPrompt: true), parseSpecial: true);
}
