using System.Text;
using Evolute.Cli.Flags;
using Evolute.Text;

namespace Evolute.Cli.Verbs;

/// <summary>Turns text into token ids and back.</summary>
internal sealed class TokenizeVerb : Verb
{
    private const int MaxInputBytes = 64 << 20;

    private readonly Flag<string?> _model, _text;
    private readonly Flag<IReadOnlyList<int[]>> _decode;
    private readonly Flag<bool> _addSpecialTokens, _parseSpecial, _json;

    public TokenizeVerb() : base("tokenize", "Turn text into token ids, or ids into text.")
    {
        _model = Add(CommonFlags.Model());
        _text = Add(FlagKinds.Text("text", "the text; without it standard input is read, as it is", "TEXT"));
        _addSpecialTokens = Add(FlagKinds.Switch("add-special-tokens", "put the special tokens around the text that the model wants"));
        _parseSpecial = Add(FlagKinds.Switch("parse-special", "read special tokens' text as these tokens, not as plain text"));
        _decode = Add(FlagKinds.TokenIds("decode", "give the text of these ids instead", repeatable: false));
        _json = Add(CommonFlags.Json());
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        """evolute tokenize --text "Hello, world" """.TrimEnd(),
        "cat story.txt | evolute tokenize --model ./Qwen2.5-0.5B --json",
        "evolute tokenize --model ./Qwen2.5-0.5B --decode 9707,11,1879",
    ];

    /// <inheritdoc/>
    public override int Run(VerbCall call)
    {
        if (call.Has(_decode) && (call.Has(_text) || call.Has(_addSpecialTokens) || call.Has(_parseSpecial)))
            throw new EvoluteInputException("--decode goes from ids to text; --text, --add-special-tokens and --parse-special have no part in it.");
        Tokenizer tokenizer = Tokenizer.Load(ModelFolder.Of(call, call.Get(_model)));
        if (call.Has(_decode)) WriteText(call, Decode(tokenizer, call.Get(_decode)[0]));
        else WriteIds(call, tokenizer.Encode(call.Get(_text) ?? ReadInput(call), call.Get(_addSpecialTokens), call.Get(_parseSpecial)));
        return ExitCode.Done;
    }

    private static string Decode(Tokenizer tokenizer, int[] ids)
    {
        foreach (int id in ids)
            if (id >= tokenizer.VocabularySize) throw new EvoluteInputException($"--decode: token id {id} is outside the tokenizer's vocabulary, 0 to {tokenizer.VocabularySize - 1}.");
        return tokenizer.Decode(ids);
    }

    private void WriteIds(VerbCall call, int[] ids)
    {
        if (call.Get(_json)) call.WriteJson(new { Ids = ids });
        else call.Out.WriteLine(string.Join(',', ids));
    }

    private void WriteText(VerbCall call, string text)
    {
        if (call.Get(_json)) call.WriteJson(new { Text = text });
        else call.Out.WriteLine(text);
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
