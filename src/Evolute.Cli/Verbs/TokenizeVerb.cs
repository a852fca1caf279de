using System.Text;
using Evolute.Cli.Flags;
using Evolute.Text;

namespace Evolute.Cli.Verbs;

/// <summary>Turns text into token ids and back.</summary>
internal sealed class TokenizeVerb : Verb
{
    private const int MaxInputBytes = 64 << 20;

    private readonly Flag<string?> _model, _text, _messages;
    private readonly Flag<IReadOnlyList<int[]>> _decode;
    private readonly Flag<bool> _addSpecialTokens, _parseSpecial, _addGenerationPrompt, _render, _json;

    public TokenizeVerb() : base("tokenize", "Turn text into token ids, or ids into text.")
    {
        _model = Add(CommonFlags.Model());
        _text = Add(FlagKinds.Text("text", "the text; without it standard input is read, as it is", "TEXT"));
        _addSpecialTokens = Add(FlagKinds.Switch("add-special-tokens", "put the special tokens around the text that the model wants"));
        _parseSpecial = Add(FlagKinds.Switch("parse-special", "read special tokens' text as these tokens, not as plain text"));
        _messages = Add(FlagKinds.Text("messages", "take the text that the model's chat template makes of this list of messages", "FILE.json"));
        _addGenerationPrompt = Add(FlagKinds.Switch("add-generation-prompt", "end the messages' text with the beginning of an answer"));
        _render = Add(FlagKinds.Switch("render", "print the messages' text instead of its ids, to the byte"));
        _decode = Add(FlagKinds.TokenIds("decode", "give the text of these ids instead", repeatable: false));
        _json = Add(CommonFlags.Json());
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        """evolute tokenize --text "Hello, world" """.TrimEnd(),
        "cat story.txt | evolute tokenize --model ./Qwen2.5-0.5B --json",
        "evolute tokenize --model ./Qwen2.5-0.5B --decode 9707,11,1879",
        "evolute tokenize --model ./Qwen2.5-0.5B-Instruct --messages chat.json --add-generation-prompt --render",
    ];

    /// <inheritdoc/>
    public override int Run(VerbCall call)
    {
        CheckTogether(call);
        string folder = ModelFolder.Of(call, call.Get(_model));
        if (call.Get(_messages) is { } file) WriteMessages(call, folder, PromptInput.LoadTemplate(folder).Render(ChatMessage.ReadFile(file), call.Get(_addGenerationPrompt)));
        else if (call.Has(_decode)) WriteDecoded(call, Tokenizer.Load(folder), call.Get(_decode)[0]);
        else WriteIds(call, Tokenizer.Load(folder).Encode(call.Get(_text) ?? ReadInput(call), call.Get(_addSpecialTokens), call.Get(_parseSpecial)));
        return ExitCode.Done;
    }

    private void CheckTogether(VerbCall call)
    {
        if (call.Has(_decode)) Refuse(_decode, _text, _addSpecialTokens, _parseSpecial, _messages, _addGenerationPrompt, _render);
        if (call.Has(_messages)) Refuse(_messages, _text, _addSpecialTokens, _parseSpecial);
        else if (call.Has(_addGenerationPrompt) || call.Has(_render)) throw new EvoluteInputException($"{_addGenerationPrompt.Display} and {_render.Display} are for {_messages.Display}.");

        void Refuse(Flag flag, params Flag[] others)
        {
            if (others.FirstOrDefault(call.Has) is { } other) throw new EvoluteInputException($"{flag.Display} and {other.Display} do not go together.");
        }
    }

    private void WriteMessages(VerbCall call, string folder, string text)
    {
        if (!call.Get(_render)) WriteIds(call, Tokenizer.Load(folder).Encode(text, parseSpecial: true));
        else if (call.Get(_json)) call.WriteJson(new { Text = text });
        else call.Out.Write(text);
    }

    private void WriteDecoded(VerbCall call, Tokenizer tokenizer, int[] ids)
    {
        foreach (int id in ids)
            if (id >= tokenizer.VocabularySize) throw new EvoluteInputException($"{_decode.Display}: token id {id} is outside the tokenizer's vocabulary, 0 to {tokenizer.VocabularySize - 1}.");
        string text = tokenizer.Decode(ids);
        if (call.Get(_json)) call.WriteJson(new { Text = text });
        else call.Out.WriteLine(text);
    }

    private void WriteIds(VerbCall call, int[] ids)
    {
        if (call.Get(_json)) call.WriteJson(new { Ids = ids });
        else call.Out.WriteLine(string.Join(',', ids));
    }

    private static string ReadInput(VerbCall call)
    {
        using Stream input = call.OpenIn();
        using MemoryStream bytes = new();
        byte[] chunk = new byte[1 << 16];
        for (int read; (read = input.Read(chunk)) > 0;)
        {
            bytes.Write(chunk, 0, read);
            if (bytes.Length > MaxInputBytes) throw new EvoluteInputException($"Standard input is longer than {MaxInputBytes} bytes.");
        }
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (DecoderFallbackException e)
        {
            throw new EvoluteInputException($"Standard input is not UTF-8 text: byte {e.Index} does not belong there.", e);
        }
    }
}
