namespace Evolute.Models.Hub;

/// <summary>Brings one file of a dataset of the hub into the cache: first <see cref="Plan"/>, then <see cref="Fetch"/>.</summary>
public sealed class HubDatasetDownload : IDisposable
{
    private const int MostNames = 12;

    private readonly HubSettings _hub;
    private readonly HubDatasetId _id;
    private readonly Func<string, bool> _isData;
    private readonly Action<string> _note;
    private readonly HubTransfer _transfer;

    /// <summary>A download of one file.</summary>
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

    /// <summary>Finds the commit and the file, in the cache where it is there and the hub is not.</summary>
    /// <exception cref="EvoluteInputException">There is no such dataset or file, it is not open to the token, or it has several files and none is named.</exception>
    /// <exception cref="EvoluteFaultException">The network, the server or the disk fails.</exception>
    public HubDatasetPlan Plan(CancellationToken stop = default) => PlanAsync(stop).GetAwaiter().GetResult();

    /// <summary>Fetches the file.</summary>
    /// <param name="plan">What to fetch.</param>
    /// <param name="received">Told how many bytes more are at hand.</param>
    /// <param name="stop">Ends it; what was fetched is kept for the next time.</param>
    /// <exception cref="EvoluteFaultException">The network, the server or the disk fails.</exception>
    public void Fetch(HubDatasetPlan plan, Action<long> received, CancellationToken stop = default)
    {
        if (plan.File is { } file) _transfer.Fetch(plan.Commit, file, received, stop).GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Dispose() => _transfer.Dispose();

    private async Task<HubDatasetPlan> PlanAsync(CancellationToken stop)
    {
        string? known = _transfer.Cache.CommitOf(_id.Repository), cached = known is null ? null : CachedFile(known);
        if (_hub.Offline)
            return cached is not null
                ? Complete(known!, cached)
                : throw new EvoluteInputException($"HF_HUB_OFFLINE is set and the dataset {_id} is not in the cache at {_hub.CacheFolder}; unset it and run this once.");
        // Without a file's name only the hub knows whether there are others.
        if (cached is not null && _id.Repository.IsPinned && _id.File is not null) return Complete(known!, cached);
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
        string name = Choose(listing);
        HubFile? file = _transfer.Cache.Has(listing.Commit, name) ? null : await _transfer.Describe(listing.Commit, name, stop).ConfigureAwait(false);
        if (file is not null) _transfer.RequireSpace([file]);
        _transfer.Cache.Remember(_id.Repository, listing.Commit);
        return new(listing.Commit, Path.Combine(_transfer.Cache.Snapshot(listing.Commit), name), file);
    }

    private string Choose(HubListing listing)
    {
        string[] data = [.. listing.Files.Where(f => HubDatasetId.IsFile(f) && _isData(f)).Order(StringComparer.Ordinal)];
        if (_id.File is { } named)
            return listing.Files.Contains(named) ? named : throw new EvoluteInputException($"{_id.Repository}: the dataset has no file {Quoted.Text(named)}.{Names(data)}");
        return data.Length == 1 ? data[0] : throw new EvoluteInputException(
            $"{_id.Repository}: the dataset has {(data.Length == 0 ? "no JSONL, JSON or Parquet file; name another" : $"{data.Length} files, so name one as {_id.Repository.Repository}:FILE")}.{Names(data)}");
    }

    private static string Names(string[] files) => files.Length == 0 ? "" : $" There is: {string.Join(", ", files.Take(MostNames).Select(Quoted.Text))}{(files.Length > MostNames ? ", …" : "")}.";

    private string? CachedFile(string commit)
    {
        if (_id.File is { } named) return _transfer.Cache.Has(commit, named) ? named : null;
        string folder = _transfer.Cache.Snapshot(commit);
        if (!Directory.Exists(folder)) return null;
        string[] data = [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Where(_isData)];
        return data.Length == 1 ? data[0] : null;
    }

    private HubDatasetPlan Complete(string commit, string name) => new(commit, Path.Combine(_transfer.Cache.Snapshot(commit), name), null);
}
