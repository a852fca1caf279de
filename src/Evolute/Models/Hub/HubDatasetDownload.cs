namespace Evolute.Models.Hub;

/// <summary>Brings a file of a dataset of the hub into the cache, or all shards of one: first <see cref="Plan"/>, then <see cref="Fetch"/>.</summary>
public sealed class HubDatasetDownload : IDisposable
{
    private const int MostNames = 12;

    private readonly HubSettings _hub;
    private readonly HubDatasetId _id;
    private readonly Func<string, bool> _isData;
    private readonly Action<string> _note;
    private readonly HubTransfer _transfer;

    /// <summary>A download of one file, or of its shards.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="id">The dataset.</param>
    /// <param name="isData">Whether a file's name is that of one with rows.</param>
    /// <param name="note">Told in a sentence what the user should know.</param>
    public HubDatasetDownload(HubSettings hub, HubDatasetId id, Func<string, bool> isData, Action<string> note) : this(hub, id, isData, note, new TransferSettings()) { }

    internal HubDatasetDownload(HubSettings hub, HubDatasetId id, Func<string, bool> isData, Action<string> note, TransferSettings transfer)
    {
        (_hub, _id, _isData, _note) = (hub, id, isData, note);
        _transfer = new HubTransfer(hub, id.Repository, HubKind.Dataset, note, transfer);
    }

    /// <summary>Finds the commit and the files, in the cache where it is there and the hub is not.</summary>
    /// <exception cref="EvoluteInputException">There is no such dataset or file, it is not open to the token, or it has several files and none is named.</exception>
    /// <exception cref="EvoluteFaultException">The network, the server or the disk fails.</exception>
    public HubDatasetPlan Plan(CancellationToken stop = default) => PlanAsync(stop).GetAwaiter().GetResult();

    /// <summary>Fetches what is not there.</summary>
    /// <param name="plan">What to fetch.</param>
    /// <param name="received">Told how many bytes more are at hand.</param>
    /// <param name="stop">Ends it; what was fetched is kept for the next time.</param>
    /// <exception cref="EvoluteFaultException">The network, the server or the disk fails.</exception>
    public void Fetch(HubDatasetPlan plan, Action<long> received, CancellationToken stop = default)
    {
        foreach (HubFile file in plan.Files) _transfer.Fetch(plan.Commit, file, received, stop).GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Dispose() => _transfer.Dispose();

    private async Task<HubDatasetPlan> PlanAsync(CancellationToken stop)
    {
        string? known = _transfer.Cache.CommitOf(_id.Repository);
        FileSet? cached = known is null ? null : Cached(known);
        if (_hub.Offline)
            return cached is not null
                ? Complete(known!, cached)
                : throw new EvoluteInputException($"HF_HUB_OFFLINE is set and the dataset {_id} is not in the cache at {_hub.CacheFolder}; unset it and run this once.");
        // Unless a file is named, or all that begins like it, only the hub knows whether there are others.
        if (cached is not null && _id.Repository.IsPinned && _id.File is { } named && (named == cached.Pattern || named == cached.Stem)) return Complete(known!, cached);
        HubListing listing;
        try
        {
            listing = await _transfer.List(stop).ConfigureAwait(false);
        }
        catch (PassingFault e) when (cached is not null && e.Unreachable)
        {
            _note($"{e.Message} The cached commit {known} of {_id} is used.");
            return Complete(known!, cached);
        }
        FileSet chosen = Choose(listing);
        List<HubFile> files = [];
        foreach (string name in chosen.Files.Where(name => !_transfer.Cache.Has(listing.Commit, name))) files.Add(await _transfer.Describe(listing.Commit, name, stop).ConfigureAwait(false));
        _transfer.RequireSpace(files);
        _transfer.Cache.Remember(_id.Repository, listing.Commit);
        return new(listing.Commit, Path.Combine(_transfer.Cache.Snapshot(listing.Commit), chosen.Pattern), files);
    }

    private FileSet Choose(HubListing listing)
    {
        IReadOnlyList<FileSet> sets = FileSet.Of(listing.Files.Where(f => HubDatasetId.IsFile(f) && _isData(f)));
        if (_id.File is { } file && listing.Files.Contains(file)) return new(file, file, [file], null);
        IReadOnlyList<FileSet> meant = Meant(sets);
        if (meant is [{ Missing: { } missing }])
            throw new EvoluteInputException($"{_id.Repository}: the dataset lacks the shard {Quoted.Text(missing)}; name one of those that it has, or ask who published it.");
        if (meant is [{ } one]) return one;
        if (_id.File is { } named && meant.Count == 0) throw new EvoluteInputException($"{_id.Repository}: the dataset has no file {Quoted.Text(named)}.{Names(sets)}");
        string what = meant.All(s => s.Files.Count == 1) ? "files" : "sets of files";
        throw new EvoluteInputException(
            $"{_id.Repository}: {(_id.File is { } folder ? $"the folder {Quoted.Text(folder)}" : "the dataset")} has {(meant.Count == 0 ? "no JSONL, JSON or Parquet file; name another" : $"{meant.Count} {what}, so name one as {_id.Repository.Repository}:FILE")}.{Names(meant)}");
    }

    /// <summary>What can be meant by the name that is given: all where none is.</summary>
    private IReadOnlyList<FileSet> Meant(IReadOnlyList<FileSet> sets)
    {
        if (_id.File is not { } named) return sets;
        FileSet[] called = [.. sets.Where(s => s.Name == named || s.Stem == named)];
        return called.Length > 0 ? called : [.. sets.Where(s => s.Pattern.StartsWith(named + "/", StringComparison.Ordinal))];
    }

    private static string Names(IReadOnlyList<FileSet> sets) =>
        sets.Count == 0 ? "" : $" There is: {string.Join(", ", sets.Take(MostNames).Select(s => Quoted.Text(s.Name)))}{(sets.Count > MostNames ? ", …" : "")}.";

    private FileSet? Cached(string commit)
    {
        if (_id.File is { } named && _transfer.Cache.Has(commit, named)) return new(named, named, [named], null);
        string folder = _transfer.Cache.Snapshot(commit);
        if (!Directory.Exists(folder)) return null;
        IEnumerable<string> names = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(File.Exists).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/'));
        return Meant(FileSet.Of(names.Where(_isData))) is [{ Missing: null } one] ? one : null;
    }

    private HubDatasetPlan Complete(string commit, FileSet files) => new(commit, Path.Combine(_transfer.Cache.Snapshot(commit), files.Pattern), []);
}
