namespace Evolute.Models.Hub;

/// <summary>A dataset's file, and what is still to be fetched of it.</summary>
public sealed class HubDatasetPlan
{
    internal HubDatasetPlan(string commit, string path, HubFile? file) => (Commit, Path, File) = (commit, path, file);

    /// <summary>The commit that the file is of.</summary>
    public string Commit { get; }

    /// <summary>Where the file is, once it is fetched.</summary>
    public string Path { get; }

    /// <summary>Bytes to fetch; some of them may be there from an earlier attempt.</summary>
    public long Bytes => File?.Bytes ?? 0;

    internal HubFile? File { get; }
}
