namespace Evolute.Models.Gguf;

/// <summary>llama.cpp splits text by rules of its own that have names; this finds the one that a tokenizer's rules are.</summary>
internal static class PreTokenizer
{
    private const string Contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Words = @"[^\r\n\p{L}\p{N}]?\p{L}+", Marks = @" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";

    private const string Qwen2 = Contractions + "|" + Words + @"|\p{N}|" + Marks;
    private const string Llama3 = Contractions + "|" + Words + @"|\p{N}{1,3}|" + Marks;
    private const string Gpt4o =
        @"[^\r\n\p{L}\p{N}]?" + Upper + "*" + Lower + "+" + Contractions + @"?|[^\r\n\p{L}\p{N}]?" + Upper + "+" + Lower + "*" + Contractions
        + @"?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The value of <c>tokenizer.ggml.pre</c>, or null where llama.cpp has no such rules.</summary>
    public static string? Name(ConfigReader json) =>
        Known([.. GgufTokenizer.Steps(json.OptionalObject("pre_tokenizer"), "pretokenizers")], json.OptionalObject("model")?.OptionalBool("ignore_merges") ?? false);

    private static string? Known(ConfigReader[] steps, bool ignoreMerges) => steps switch
    {
        [var bytes] when IsBytes(bytes, splits: true) => "gpt-2",
        [var digits, var bytes] when digits.OptionalString("type") == "Digits" && digits.OptionalBool("individual_digits") == true && IsBytes(bytes, splits: true) => "smollm",
        [var split, var bytes] when split.OptionalString("type") == "Split" && split.OptionalString("behavior") == "Isolated" && IsBytes(bytes, splits: false) =>
            split.OptionalObject("pattern")?.OptionalString("Regex") switch
            {
                Qwen2 => "qwen2",
                Llama3 => ignoreMerges ? "llama-bpe" : "smaug-bpe",
                Gpt4o => "gpt-4o",
                _ => null,
            },
        _ => null,
    };

    private static bool IsBytes(ConfigReader step, bool splits) =>
        step.OptionalString("type") == "ByteLevel" && (step.OptionalBool("use_regex") ?? true) == splits && step.OptionalBool("add_prefix_space") == false;
}
