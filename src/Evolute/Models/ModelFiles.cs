namespace Evolute.Models;

/// <summary>The files of a model's folder besides its weights.</summary>
internal static class ModelFiles
{
    public const string Config = "config.json";

    /// <summary>More bytes than any of them has; vocabularies with their merges are the largest.</summary>
    public const long MaxCompanionBytes = 256 << 20;

    /// <summary>
    /// Settings of this project's own, copied from a local model. They are not fetched from a hub: what a stranger published shall not choose how
    /// a run is done.
    /// </summary>
    public const string OwnSettings = "evolute.json";

    /// <summary>What belongs to a model besides config and weights: fetched, and copied byte for byte, where the source has it.</summary>
    public static readonly IReadOnlyList<string> Companions =
    [
        "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json",
        "merges.txt", "tokenizer.model", "spiece.model", "chat_template.jinja", "chat_template.json",
        "LICENSE", "LICENSE.md", "LICENSE.txt", "NOTICE", "NOTICE.txt",
    ];
}
