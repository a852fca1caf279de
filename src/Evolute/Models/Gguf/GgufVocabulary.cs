using System.Globalization;
using System.Text.Json;

namespace Evolute.Models.Gguf;

/// <summary>A tokenizer's tokens the way llama.cpp wants them: one for every row of the embedding, with its kind.</summary>
internal sealed class GgufVocabulary
{
    private const int Normal = 1, Control = 3, UserDefined = 4, Unused = 5, Byte = 6;
    private const float AddedScore = -1000, UnusedScore = -10_000;

    private readonly Dictionary<string, int> _added = new(StringComparer.Ordinal);

    private GgufVocabulary(int size)
    {
        Texts = [.. Enumerable.Range(0, size).Select(id => string.Create(CultureInfo.InvariantCulture, $"[PAD{id}]"))];
        Types = [.. Enumerable.Repeat(Unused, size)];
        Scores = [.. Enumerable.Repeat(UnusedScore, size)];
    }

    /// <summary>Whether it is of SentencePiece's kind, with a token for every byte, and not of GPT-2's, whose letters are bytes.</summary>
    public bool IsSentencePiece { get; private init; }

    /// <summary>The tokens by their ids.</summary>
    public string[] Texts { get; }

    /// <summary>Their kinds.</summary>
    public int[] Types { get; }

    /// <summary>What is merged first, of SentencePiece's kind: the larger the earlier.</summary>
    public float[] Scores { get; }

    /// <summary>Merges, of GPT-2's kind: two tokens with a space between.</summary>
    public string[] Merges { get; private set; } = [];

    /// <summary>The id of an added token, or null.</summary>
    public int? Added(string? content) => content is not null && _added.TryGetValue(content, out int id) ? id : null;

    /// <summary>Reads tokenizer.json.</summary>
    /// <param name="json">It.</param>
    /// <param name="config">tokenizer_config.json, which may name more tokens.</param>
    /// <param name="size">Rows of the model's embedding.</param>
    /// <exception cref="EvoluteInputException">It is not byte pair encoding, or has more tokens than the model.</exception>
    public static GgufVocabulary Read(ConfigReader json, ConfigReader config, int size)
    {
        ConfigReader model = json.OptionalObject("model") ?? throw json.Bad("model", "an object");
        if (model.OptionalString("type") is not (null or "BPE")) throw model.Unsupported("type", "of tokenizers only BPE goes into a GGUF file; use --format hf");
        bool pieces = model.OptionalBool("byte_fallback") ?? false;
        if (!pieces && GgufTokenizer.Steps(json.OptionalObject("pre_tokenizer"), "pretokenizers").LastOrDefault()?.OptionalString("type") != "ByteLevel")
            throw json.Unsupported("pre_tokenizer", "of BPE tokenizers only those on bytes, or with byte_fallback, go into a GGUF file; use --format hf");
        GgufVocabulary vocabulary = new(size) { IsSentencePiece = pieces };
        vocabulary.ReadTokens(model);
        vocabulary.ReadAdded(json, config);
        string[][] merges = ReadMerges(model);
        if (pieces) vocabulary.ScoreByMerges(merges);
        else vocabulary.Merges = [.. merges.Select(m => string.Join(' ', m.Select(part => part.Replace(' ', (char)(' ' + 256)))))];
        return vocabulary;
    }

    /// <summary>Makes llama.cpp look for some tokens before it splits a text.</summary>
    /// <param name="texts">By their ids the texts to look for.</param>
    public void FindFirst(IReadOnlyDictionary<int, string> texts)
    {
        foreach ((int id, string text) in texts)
        {
            if (Types[id] != Normal) continue;
            (Texts[id], Types[id]) = (text, UserDefined);
        }
    }

    private void ReadTokens(ConfigReader model)
    {
        if (model.Get("vocab") is not { ValueKind: JsonValueKind.Object } tokens) throw model.Bad("vocab", "an object of tokens and their ids");
        foreach (JsonProperty token in tokens.EnumerateObject())
        {
            int id = token.Value.ValueKind == JsonValueKind.Number && token.Value.TryGetInt32(out int value) ? value : -1;
            if (id < 0 || id >= Texts.Length) throw model.Bad("vocab", $"ids from 0 to {Texts.Length - 1}, the rows of the model's embedding; {Quoted.Text(token.Name)} has {token.Value.GetRawText()}");
            Texts[id] = token.Name;
            Types[id] = IsSentencePiece && IsByte(token.Name) ? Byte : Normal;
        }
    }

    private static bool IsByte(string token) => token is ['<', '0', 'x', var high, var low, '>'] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low);

    private static string[][] ReadMerges(ConfigReader model)
    {
        HashSet<string> tokens = [.. model.Get("vocab")!.Value.EnumerateObject().Select(token => token.Name)];
        if (model.Get("merges") is not { ValueKind: JsonValueKind.Array } list) throw model.Bad("merges", "a list");
        return [.. list.EnumerateArray().Select(Pair)];

        string[] Pair(JsonElement merge)
        {
            string[] pair = merge.ValueKind switch
            {
                JsonValueKind.String => Halves(merge.GetString()!, tokens),
                JsonValueKind.Array => [.. merge.EnumerateArray().Select(part => part.ValueKind == JsonValueKind.String ? part.GetString()! : "")],
                _ => [],
            };
            return pair is [{ Length: > 0 } left, { Length: > 0 } right] ? [left, right] : throw model.Bad("merges", "a list of pairs of tokens");
        }
    }

    /// <summary>The two tokens of a merge; where tokens hold spaces themselves, the space between is the one with a token on either side.</summary>
    private static string[] Halves(string merge, HashSet<string> tokens)
    {
        for (int at = merge.IndexOf(' ', StringComparison.Ordinal); at >= 0; at = merge.IndexOf(' ', at + 1))
            if (tokens.Contains(merge[..at]) && tokens.Contains(merge[(at + 1)..])) return [merge[..at], merge[(at + 1)..]];
        return [];
    }

    /// <summary>
    /// SentencePiece's scores, which tokenizer.json has not: tokens count down from 0 in the order in which they are first merged, then come those that
    /// no merge makes. For a tokenizer that was converted from SentencePiece these are the original ones.
    /// </summary>
    private void ScoreByMerges(string[][] merges)
    {
        Dictionary<string, int> rank = new(StringComparer.Ordinal);
        for (int i = 0; i < merges.Length; i++) rank.TryAdd(merges[i][0] + merges[i][1], i);
        int place = 0;
        foreach (int id in Enumerable.Range(0, Texts.Length).Where(id => Types[id] == Normal).OrderBy(id => rank.GetValueOrDefault(Texts[id], int.MaxValue)).ThenBy(id => id))
            Scores[id] = -place++;
        foreach (int id in Enumerable.Range(0, Texts.Length).Where(id => Types[id] == Byte)) Scores[id] = 0;
    }

    private void ReadAdded(ConfigReader json, ConfigReader config)
    {
        if (json.Get("added_tokens") is { ValueKind: JsonValueKind.Array } list)
            foreach (JsonElement token in list.EnumerateArray())
                if (token.ValueKind == JsonValueKind.Object && token.TryGetProperty("id", out JsonElement id) && id.TryGetInt32(out int value)) Add(json, value, token);
        if (config.Get("added_tokens_decoder") is { ValueKind: JsonValueKind.Object } decoder)
            foreach (JsonProperty token in decoder.EnumerateObject())
                if (int.TryParse(token.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && token.Value.ValueKind == JsonValueKind.Object) Add(config, value, token.Value);
    }

    private void Add(ConfigReader file, int id, JsonElement token)
    {
        if (id < 0 || id >= Texts.Length) throw file.Bad("added_tokens", $"ids from 0 to {Texts.Length - 1}, the rows of the model's embedding; there is {id}");
        if (!token.TryGetProperty("content", out JsonElement content) || content.ValueKind != JsonValueKind.String) throw file.Bad("added_tokens", "objects with id and content");
        string text = content.GetString()!;
        _added[text] = id;
        bool control = token.TryGetProperty("special", out JsonElement special) && special.ValueKind == JsonValueKind.True || LooksSpecial(text);
        Types[id] = control ? Control : UserDefined;
        // llama.cpp looks for these in the text as people write it.
        Texts[id] = control ? text : text.Replace('\u2581', ' ');
        Scores[id] = AddedScore;
    }

    /// <summary>Some models mark tokens as text that control; llama.cpp's converter knows them by their looks.</summary>
    private static bool LooksSpecial(string text) =>
        text is "<pad>" or "<mask>" or "<2mass>" or "[@BOS@]"
        || text.StartsWith("<|", StringComparison.Ordinal) && text.EndsWith("|>", StringComparison.Ordinal)
        || text.StartsWith("<｜", StringComparison.Ordinal) && text.EndsWith("｜>", StringComparison.Ordinal)
        || text.StartsWith("<unused", StringComparison.Ordinal) && text.EndsWith('>');
}
