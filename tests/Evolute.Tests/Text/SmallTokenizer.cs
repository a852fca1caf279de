using System.Text.Json.Nodes;
using Evolute.Text;

namespace Evolute.Tests.Text;

/// <summary>The committed byte-level tokenizer of 306 tokens, and changed copies of it.</summary>
internal static class SmallTokenizer
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Fixtures", "tokenizer");

    public static Tokenizer Load() => Tokenizer.Load(Folder);

    public static JsonObject Json() => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "tokenizer.json")))!.AsObject();

    public static Tokenizer Load(JsonObject json, string? config = null) => LoadText(json.ToJsonString(), config);

    public static Tokenizer LoadText(string json, string? config = null)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("evolute-tokenizer-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "tokenizer.json"), json);
            if (config is not null) File.WriteAllText(Path.Combine(folder.FullName, "tokenizer_config.json"), config);
            return Tokenizer.Load(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
