using System.Text.Encodings.Web;
using System.Text.Json;
using Evolute.Evolution;
using Evolute.Models;

namespace Evolute.Runs;

/// <summary>What was generated, for the same problems over time: a JSONL file for each evaluation.</summary>
internal static class RunSamples
{
    private const int Count = 16;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string path, IReadOnlyList<ScoredResponse> responses)
    {
        using MemoryStream file = new();
        foreach (ScoredResponse response in responses.Take(Count))
        {
            using (Utf8JsonWriter json = new(file, Options)) Write(json, response);
            file.WriteByte((byte)'\n');
        }
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            throw WriteFault.Of(path, e);
        }
        DurableFile.Replace(path, file.WriteTo);
    }

    /// <summary>Writes the samples of another iteration again; false where they cannot be read.</summary>
    public static bool Repeat(string from, string to)
    {
        byte[] samples;
        try
        {
            samples = File.ReadAllBytes(from);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
        DurableFile.Replace(to, file => file.Write(samples));
        return true;
    }

    private static void Write(Utf8JsonWriter json, ScoredResponse response)
    {
        json.WriteStartObject();
        json.WriteString("id", response.Problem.Id);
        json.WriteString("prompt", response.Problem.Prompt);
        json.WriteString("response", response.Completion.Text);
        json.WriteString("finish_reason", response.Completion.Finish.ToString().ToLowerInvariant());
        json.WriteNumber("tokens", response.Completion.OutputIds.Length);
        json.WriteNumber("reward", response.Reward.Score);
        json.WriteStartObject("parts");
        foreach ((string name, double value) in response.Reward.Parts) json.WriteNumber(name, value);
        json.WriteEndObject();
        json.WritePropertyName("columns");
        response.Problem.Columns.WriteTo(json);
        json.WriteEndObject();
    }
}
