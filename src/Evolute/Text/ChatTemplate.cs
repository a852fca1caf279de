using System.Text.Json;
using Evolute.Models;
using Evolute.Text.Jinja;
using Evolute.Text.Reading;

namespace Evolute.Text;

/// <summary>
/// Writes a conversation the way a model was trained to read it, by the Jinja template that comes with the model. A template
/// reads the messages and writes text, and nothing else: no files, no code, and a limit on its steps and on its text.
/// Safe for any number of threads at once.
/// </summary>
public sealed class ChatTemplate
{
    /// <summary>The file that holds a template alone.</summary>
    public const string FileName = "chat_template.jinja";
    private const string JsonFileName = "chat_template.json";
    private const int MaxCharacters = 1_000_000;
    private static readonly string[] SpecialTokens = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    private readonly string _source;
    private readonly IReadOnlyList<Statement> _body;
    private readonly IReadOnlyDictionary<string, string> _specialTokens;

    private ChatTemplate(string source, IReadOnlyList<Statement> body, IReadOnlyDictionary<string, string> specialTokens) =>
        (_source, _body, _specialTokens) = (source, body, specialTokens);

    /// <summary>
    /// Reads a model's template: chat_template.jinja, else chat_template of chat_template.json or of tokenizer_config.json (a text, or a list of named
    /// ones of which <c>default</c> counts). Null where the model has none.
    /// </summary>
    /// <exception cref="EvoluteInputException">A file or the template is damaged.</exception>
    public static ChatTemplate? Load(string modelDirectory)
    {
        string file = Path.Combine(modelDirectory, FileName), config = Path.Combine(modelDirectory, TokenizerFile.ConfigFileName);
        ConfigReader? json = JsonFile.ReadObject(config, TokenizerFile.MaxConfigBytes) is { } root ? new ConfigReader(root, config) : null;
        Dictionary<string, string> tokens = json is null ? [] : ReadSpecialTokens(json);
        if (File.Exists(file)) return Parse(ReadText(file), tokens, file);
        string alone = Path.Combine(modelDirectory, JsonFileName);
        if (JsonFile.ReadObject(alone, TokenizerFile.MaxConfigBytes) is { } own && ReadNamed(new ConfigReader(own, alone)) is { } first)
            return Parse(first, tokens, $"{alone}: chat_template");
        return json is not null && ReadNamed(json) is { } template ? Parse(template, tokens, $"{config}: chat_template") : null;
    }

    /// <summary>Parses a template.</summary>
    /// <param name="template">The Jinja template.</param>
    /// <param name="specialTokens">What <c>bos_token</c>, <c>eos_token</c> and their like stand for in it.</param>
    /// <param name="source">What it is called in error messages.</param>
    /// <exception cref="ChatTemplateException">The template is damaged or uses what chat templates do not have.</exception>
    public static ChatTemplate Parse(string template, IReadOnlyDictionary<string, string>? specialTokens = null, string source = "chat template")
    {
        ArgumentNullException.ThrowIfNull(template);
        if (template.Length > MaxCharacters) throw new ChatTemplateException($"{source}: the template is longer than {MaxCharacters} characters.");
        try
        {
            return new ChatTemplate(source, TemplateParser.Parse(template), specialTokens ?? new Dictionary<string, string>());
        }
        catch (TemplateException e)
        {
            throw Explained(source, e.Line ?? 1, e);
        }
    }

    /// <summary>The conversation as one text.</summary>
    /// <param name="messages">What was said, in order.</param>
    /// <param name="addGenerationPrompt">End with the beginning of the answer that the model is to give.</param>
    /// <param name="variables">More variables for the template, such as <c>enable_thinking</c> or <c>tools</c>.</param>
    /// <param name="now">What the template takes for now; the clock's time where it is null.</param>
    /// <exception cref="ChatTemplateException">The template refuses the messages, fails, or does too much.</exception>
    public string Render(
        IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, IReadOnlyDictionary<string, JsonElement>? variables = null, DateTime? now = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        Rendering rendering = new(messages.Count, now ?? DateTime.Now);
        try
        {
            Scope scope = Variables(messages, addGenerationPrompt, variables);
            Statement.RunAll(_body, new Scope(scope), rendering);
            return rendering.Output.ToString();
        }
        catch (TemplateException e)
        {
            throw Explained(_source, e.Line ?? rendering.Line, e);
        }
    }

    private Scope Variables(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, IReadOnlyDictionary<string, JsonElement>? more)
    {
        Scope scope = Globals.NewScope();
        foreach ((string name, string token) in _specialTokens) scope.Set(name, token);
        // Present but none, as in transformers: templates ask for either.
        scope.Set("tools", null);
        scope.Set("documents", null);
        foreach ((string name, JsonElement value) in more ?? new Dictionary<string, JsonElement>()) scope.Set(name, Globals.FromJson(value));
        scope.Set("messages", new JinjaList([.. messages.Select(m => Globals.FromJson(m.Json))]));
        scope.Set("add_generation_prompt", addGenerationPrompt);
        return scope;
    }

    private static ChatTemplateException Explained(string source, int line, TemplateException e) =>
        new($"{source}, line {line}: {e.Message}{(e.Message.EndsWith('.') ? "" : ".")}", e);

    private static Dictionary<string, string> ReadSpecialTokens(ConfigReader config)
    {
        Dictionary<string, string> tokens = [];
        foreach (string name in SpecialTokens)
            if (config.Get(name) is { ValueKind: JsonValueKind.String } text) tokens[name] = text.GetString()!;
            else if (config.OptionalObject(name)?.OptionalString("content") is { } content) tokens[name] = content;
        return tokens;
    }

    private static string? ReadNamed(ConfigReader config)
    {
        if (config.Get("chat_template") is not { ValueKind: JsonValueKind.Array }) return config.OptionalString("chat_template");
        string? chosen = null;
        foreach (ConfigReader named in TokenizerFile.Components(config, "chat_template"))
            if (named.OptionalString("name") == "default" || chosen is null)
                chosen = named.OptionalString("template") ?? throw named.Bad("template", "a string");
        return chosen;
    }

    private static string ReadText(string file)
    {
        try
        {
            using StreamReader reader = new(file);
            char[] text = new char[MaxCharacters + 1];
            return new string(text, 0, reader.ReadBlock(text));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvoluteInputException($"{file}: the file cannot be read: {e.Message}", e);
        }
    }
}
