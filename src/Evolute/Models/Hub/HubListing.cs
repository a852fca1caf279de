using System.Text.Json;

namespace Evolute.Models.Hub;

/// <summary>What a revision is: its commit and the names of its files. A name is never more than something to look up.</summary>
/// <param name="Commit">The commit's hash.</param>
/// <param name="Files">Names of files.</param>
internal sealed record HubListing(string Commit, IReadOnlySet<string> Files)
{
    public const int MaxBytes = 16 << 20;

    /// <summary>Reads the hub's answer.</summary>
    /// <exception cref="EvoluteFaultException">It is not what a hub answers.</exception>
    public static HubListing Parse(ReadOnlyMemory<byte> json, string model)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64 });
            string commit = document.RootElement.GetProperty("sha").GetString() ?? "";
            if (!HubModelId.IsCommit(commit)) throw new EvoluteFaultException($"{model}: the hub's answer names no commit; check HF_ENDPOINT.");
            HashSet<string> files = new(StringComparer.Ordinal);
            foreach (JsonElement file in document.RootElement.GetProperty("siblings").EnumerateArray())
                if (file.GetProperty("rfilename").GetString() is { } name) files.Add(name);
            return new HubListing(commit, files);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new EvoluteFaultException($"{model}: the hub's answer is not a list of files; check HF_ENDPOINT.", e);
        }
    }
}
