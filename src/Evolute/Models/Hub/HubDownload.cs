namespace Evolute.Models.Hub;

/// <summary>
/// Brings a model of the hub into the cache: config, tokenizer and safetensors weights, and nothing else of the repository.
/// First <see cref="Plan"/>, which fetches the small files, then <see cref="Fetch"/> for the weights.
/// </summary>
public sealed class HubDownload : IDisposable
{
    private readonly HubSettings _hub;
    private readonly Action<string> _note;
    private readonly HubModelId _id;
    private readonly HubTransfer _transfer;
    private readonly HubCache _cache;

    /// <summary>A download of one model.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="id">The model.</param>
    /// <param name="note">Told in a sentence what the user should know.</param>
    public HubDownload(HubSettings hub, HubModelId id, Action<string> note) : this(hub, id, note, new TransferSettings()) { }

    internal HubDownload(HubSettings hub, HubModelId id, Action<string> note, TransferSettings transfer)
    {
        (_hub, _id, _note) = (hub, id, note);
        _transfer = new HubTransfer(hub, id, HubKind.Model, note, transfer);
        _cache = _transfer.Cache;
    }

    /// <summary>Finds the commit, fetches the small files and asks for the sizes of the weights.</summary>
    /// <exception cref="EvoluteInputException">There is no such model, it is not open to the token, or it has no safetensors weights.</exception>
    /// <exception cref="EvoluteFaultException">The network, the server or the disk fails.</exception>
    public HubPlan Plan(CancellationToken stop = default) => PlanAsync(stop).GetAwaiter().GetResult();

    /// <summary>Fetches the weights.</summary>
    /// <param name="plan">What to fetch.</param>
    /// <param name="received">Told of (file, bytes more at hand).</param>
    /// <param name="stop">Ends it; what was fetched is kept for the next time.</param>
    /// <exception cref="EvoluteFaultException">The network, the server or the disk fails.</exception>
    public void Fetch(HubPlan plan, Action<string, long> received, CancellationToken stop = default) => FetchAsync(plan, received, stop).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Dispose() => _transfer.Dispose();

    private async Task<HubPlan> PlanAsync(CancellationToken stop)
    {
        string? known = _cache.CommitOf(_id);
        bool whole = known is not null && _cache.Missing(known) is null;
        if (_hub.Offline) return Cached(known);
        if (whole && _id.IsPinned) return Complete(known!);
        HubListing listing;
        try
        {
            listing = await _transfer.List(stop).ConfigureAwait(false);
        }
        catch (PassingFault e) when (whole && e.Unreachable)
        {
            _note($"{e.Message} The cached commit {known} of {_id} is used.");
            return Complete(known!);
        }
        foreach (string name in ModelFiles.Companions.Prepend(ModelFiles.Config).Where(listing.Files.Contains)) await FetchSmall(listing.Commit, name, stop).ConfigureAwait(false);
        IReadOnlyList<HubFile> weights = await Weights(listing, stop).ConfigureAwait(false);
        _cache.Remember(_id, listing.Commit);
        HubPlan plan = new(_id.At(listing.Commit), _cache.Snapshot(listing.Commit), weights);
        _transfer.RequireSpace(plan.Weights);
        return plan;
    }

    private async Task FetchAsync(HubPlan plan, Action<string, long> received, CancellationToken stop)
    {
        foreach (HubFile file in plan.Weights) await _transfer.Fetch(plan.Id.Revision, file, bytes => received(file.Name, bytes), stop).ConfigureAwait(false);
    }

    private HubPlan Complete(string commit) => new(_id.At(commit), _cache.Snapshot(commit), []);

    private HubPlan Cached(string? commit)
    {
        string? missing = commit is null ? "" : _cache.Missing(commit);
        if (missing is null) return Complete(commit!);
        throw new EvoluteInputException(missing.Length == 0 || !Directory.Exists(_cache.Snapshot(commit!))
            ? $"HF_HUB_OFFLINE is set and {_id} is not in the cache at {_hub.CacheFolder}; unset it and run 'evolute download {_id}' once."
            : $"HF_HUB_OFFLINE is set and of {_id} the cache at {_hub.CacheFolder} lacks {missing}; unset it and run 'evolute download {_id}' once.");
    }

    /// <summary>The files of weights that are not in the cache; of several forms the one that is read.</summary>
    private async Task<IReadOnlyList<HubFile>> Weights(HubListing listing, CancellationToken stop)
    {
        if (!listing.Files.Contains(ModelFiles.Config)) throw new EvoluteInputException($"{_id}: the repository has no config.json, so it is not a model in Hugging Face layout; name another.");
        IEnumerable<string> names = [Checkpoint.SingleFile];
        if (!listing.Files.Contains(Checkpoint.SingleFile))
        {
            if (!listing.Files.Contains(ShardIndex.FileName)) throw new EvoluteInputException($"{_id}: the repository has no safetensors weights, and no others are read; name a model that has.");
            await FetchSmall(listing.Commit, ShardIndex.FileName, stop).ConfigureAwait(false);
            names = ShardIndex.Names(_cache.Snapshot(listing.Commit));
        }
        List<HubFile> files = [];
        foreach (string name in names.Where(name => !_cache.Has(listing.Commit, name)))
        {
            if (!listing.Files.Contains(name)) throw new EvoluteInputException($"{_id}: the repository lacks {Quoted.Text(name)}, which its {ShardIndex.FileName} names; ask who published it.");
            files.Add(await _transfer.Describe(listing.Commit, name, stop).ConfigureAwait(false));
        }
        return files;
    }

    private async Task FetchSmall(string commit, string name, CancellationToken stop)
    {
        if (_cache.Has(commit, name)) return;
        HubFile file = await _transfer.Describe(commit, name, stop).ConfigureAwait(false);
        if (file.Bytes > ModelFiles.MaxCompanionBytes) throw new EvoluteInputException($"{_id}: {name} has {file.Bytes} bytes, more than any such file needs; it is not fetched.");
        await _transfer.Fetch(commit, file, _ => { }, stop).ConfigureAwait(false);
    }
}
