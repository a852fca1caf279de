using System.Text.Json;
using System.Text.Unicode;

namespace Evolute;

/// <summary>
/// Finds strings in JSON that are no text. The parser takes bytes that are not UTF-8 and halves of surrogate pairs; only reading the string
/// they are in throws, which would be anywhere later.
/// </summary>
internal static class JsonText
{
    /// <summary>Reads every name and string of a document where any may be bad.</summary>
    /// <exception cref="InvalidOperationException">A name or string is not text.</exception>
    public static void Require(ReadOnlySpan<byte> json, JsonElement root)
    {
        if (!Utf8.IsValid(json) || json.IndexOf("\\ud"u8) >= 0 || json.IndexOf("\\uD"u8) >= 0) Require(root);
    }

    private static void Require(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String) _ = element.GetString();
        else if (element.ValueKind == JsonValueKind.Array)
            foreach (JsonElement item in element.EnumerateArray()) Require(item);
        else if (element.ValueKind == JsonValueKind.Object)
            foreach (JsonProperty property in element.EnumerateObject())
            {
                _ = property.Name;
                Require(property.Value);
            }
    }
}
