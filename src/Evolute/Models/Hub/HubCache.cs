using System.Text;

namespace Evolute.Models.Hub;

/// <summary>
/// One repository's part of the cache, laid out as the hub's own tools do: <c>blobs/HASH</c> hold contents, <c>refs/REVISION</c> name commits, and
/// <c>snapshots/COMMIT/FILE</c> are links to blobs.
/// </summary>
internal sealed class HubCache
{
    public const string PartialSuffix = ".incomplete";

    private readonly string _root;
    private readonly string _folder;

    public HubCache(string root, HubModelId id, HubKind kind)
    {
        _folder = $"{kind.CachePrefix}{id.Organization}--{id.Name}";
        _root = root;
    }

    /// <summary>The folder of all that is cached of it.</summary>
    public string Folder => Path.Combine(_root, _folder);

    public string Blobs => Path.Combine(Folder, "blobs");

    public string Blob(HubFile file) => Path.Combine(Blobs, file.Hash);

    public string Partial(HubFile file) => Blob(file) + PartialSuffix;

    public string Lock(HubFile file) => Path.Combine(_root, ".locks", _folder, file.Hash + ".lock");

    public string Snapshot(string commit) => Path.Combine(Folder, "snapshots", commit);

    /// <summary>Whether a snapshot has a file.</summary>
    public bool Has(string commit, string name) => File.Exists(Path.Combine(Snapshot(commit), name));

    /// <summary>The commit that a revision was at last, or null.</summary>
    public string? CommitOf(HubModelId id)
    {
        if (id.IsPinned) return id.Revision;
        try
        {
            string path = Path.Combine(Folder, "refs", id.Revision);
            string? commit = File.Exists(path) ? File.ReadAllText(path).Trim() : null;
            return commit is not null && HubModelId.IsCommit(commit) ? commit : null;
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            throw new EvoluteInputException($"{Folder}: the cache cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Remembers which commit a revision is at.</summary>
    public void Remember(HubModelId id, string commit)
    {
        if (id.IsPinned || CommitOf(id) == commit) return;
        string path = Path.Combine(Folder, "refs", id.Revision);
        Make(Path.GetDirectoryName(path)!);
        DurableFile.Replace(path, file => file.Write(Encoding.ASCII.GetBytes(commit)));
    }

    /// <summary>Puts a blob into a snapshot: as a relative link, so that the cache can be moved.</summary>
    public void Link(string commit, HubFile file)
    {
        string path = Path.Combine(Snapshot(commit), file.Name);
        Make(Path.GetDirectoryName(path)!);
        try
        {
            if (File.Exists(path)) return;
            File.Delete(path); // A link to a blob that is gone.
            File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, Blob(file)));
        }
        catch (Exception e) when (OperatingSystem.IsWindows() && WriteFault.Is(e))
        {
            // Windows lets few users make links; there the file itself stands in the snapshot.
            File.Move(Blob(file), path);
        }
        catch (Exception e) when (WriteFault.Is(e) && !File.Exists(path))
        {
            throw WriteFault.Of(path, e, "run it again; what was fetched is kept");
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            // Another process made the link meanwhile.
        }
    }

    /// <summary>What a snapshot lacks to be a model: a file's name, or null.</summary>
    public string? Missing(string commit)
    {
        if (!Has(commit, "config.json")) return "config.json";
        if (Has(commit, Checkpoint.SingleFile)) return null;
        if (!Has(commit, ShardIndex.FileName)) return Checkpoint.SingleFile;
        return ShardIndex.Names(Snapshot(commit)).FirstOrDefault(shard => !Has(commit, shard));
    }

    /// <summary>Makes a folder of the cache.</summary>
    /// <exception cref="EvoluteFaultException">It cannot be made.</exception>
    public static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            throw WriteFault.Of(folder, e);
        }
    }
}
