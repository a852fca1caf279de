using System.Text.Json;
using Evolute.Models;

namespace Evolute.Text;

/// <summary>
/// A message of a conversation: a JSON object with <c>role</c> and <c>content</c>; whatever else it holds (tool calls, reasoning)
/// reaches the template as it is.
/// </summary>
public sealed class ChatMessage
{
    private const int MaxBytes = 64_000_000;

    private ChatMessage(JsonElement json) => Json = json;

    /// <summary>A message of text.</summary>
    /// <param name="role">Who speaks: <c>system</c>, <c>user</c>, <c>assistant</c>.</param>
    /// <param name="content">What is said.</param>
    public ChatMessage(string role, string content) : this(JsonSerializer.SerializeToElement(new { role, content }))
    {
    }

    /// <summary>The message as the template gets it.</summary>
    public JsonElement Json { get; }

    /// <summary>Who speaks.</summary>
    public string Role => Json.GetProperty("role").GetString()!;

    /// <summary>A message from a JSON object.</summary>
    /// <param name="json">The object, with a role at least.</param>
    /// <param name="source">What it is called in error messages: a file and row.</param>
    /// <exception cref="EvoluteInputException">It is not an object with a role.</exception>
    public static ChatMessage FromJson(JsonElement json, string source)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("role", out JsonElement role) || role.ValueKind != JsonValueKind.String || !IsReadable(role))
            throw new EvoluteInputException($"{source}: a message must be a JSON object with role (a string) and content.");
        return new ChatMessage(json.Clone());
    }

    private static bool IsReadable(JsonElement text)
    {
        try
        {
            return text.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Reads a file with a list of messages, or with an object that has them under <c>messages</c>.</summary>
    /// <exception cref="EvoluteInputException">The file is absent, damaged or holds something else.</exception>
    public static IReadOnlyList<ChatMessage> ReadFile(string path)
    {
        JsonElement root = JsonFile.ReadAny(path, MaxBytes) ?? throw new EvoluteInputException($"{path}: there is no such file.");
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("messages", out JsonElement messages)) root = messages;
        if (root.ValueKind != JsonValueKind.Array) throw new EvoluteInputException($"{path}: the file must hold a list of messages, or an object with such a list under messages.");
        return [.. root.EnumerateArray().Select((message, i) => FromJson(message, $"{path}: message {i + 1}"))];
    }
}
