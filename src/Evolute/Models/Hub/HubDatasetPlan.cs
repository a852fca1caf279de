namespace Evolute.Models.Hub;

/// <summary>A dataset's file or its shards, and what is still to be fetched of them.</summary>
public sealed class HubDatasetPlan
{
    internal HubDatasetPlan(string commit, string path, IReadOnlyList<HubFile> files) => (Commit, Path, Files) = (commit, path, files);

    /// <summary>The commit that the file is of.</summary>
    public string Commit { get; }

    /// <summary>Where the file is, once it is fetched; of several shards with a star where their names differ.</summary>
    public string Path { get; }

    /// <summary>Bytes to fetch; some of them may be there from an earlier attempt.</summary>
    public long Bytes => Files.Sum(f => f.Bytes);

    internal IReadOnlyList<HubFile> Files { get; }
}
