namespace Evolute.Models.Hub;

/// <summary>Brings files of one repository of the hub into the cache.</summary>
internal sealed class HubTransfer : IDisposable
{
    private readonly HubSettings _hub;
    private readonly TransferSettings _transfer;
    private readonly Action<string> _note;
    private readonly HubConnection _connection;
    private readonly HubModelId _id;
    private readonly HubKind _kind;
    private readonly HubRefusal _refusal;

    public HubTransfer(HubSettings hub, HubModelId id, HubKind kind, Action<string> note, TransferSettings transfer)
    {
        (_hub, _id, _kind, _note, _transfer) = (hub, id, kind, note, transfer);
        _connection = new HubConnection(hub, transfer);
        _refusal = new HubRefusal(hub, _connection, id, kind);
        Cache = new HubCache(hub.CacheFolder, id, kind);
    }

    /// <summary>The repository's part of the cache.</summary>
    public HubCache Cache { get; }

    public void Dispose() => _connection.Dispose();

    /// <summary>The revision's commit and the names of its files.</summary>
    public Task<HubListing> List(CancellationToken stop) => new Retry(_transfer).Run(async () =>
    {
        Uri url = Address($"{_kind.Api}{_id.Repository}/revision/{Uri.EscapeDataString(_id.Revision)}");
        using HttpResponseMessage response = await _connection.Send(HttpMethod.Get, url, 0, leave: false, stop).ConfigureAwait(false);
        _refusal.Check(response, file: null);
        using MemoryStream json = new();
        Stream content = await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
        byte[] piece = new byte[1 << 16];
        for (int count; (count = await _connection.Read(content, piece, url, stop).ConfigureAwait(false)) > 0;)
        {
            json.Write(piece, 0, count);
            if (json.Length > HubListing.MaxBytes) throw new EvoluteFaultException($"{_id.Repository}: the hub's list of files is larger than {HubListing.MaxBytes} bytes; check HF_ENDPOINT.");
        }
        return HubListing.Parse(json.GetBuffer().AsMemory(0, (int)json.Length), _id.Repository);
    }, stop);

    /// <summary>A file's hash and size.</summary>
    public Task<HubFile> Describe(string commit, string name, CancellationToken stop) => new Retry(_transfer).Run(async () =>
    {
        using HttpResponseMessage response = await _connection.Send(HttpMethod.Head, FileAddress(commit, name), 0, leave: false, stop).ConfigureAwait(false);
        if ((int)response.StatusCode is < 300 or >= 400) _refusal.Check(response, name);
        return HubFile.Of(name, response, _id);
    }, stop);

    /// <summary>Brings a file into the cache and into the commit's snapshot.</summary>
    public async Task Fetch(string commit, HubFile file, Action<long> received, CancellationToken stop)
    {
        string blob = Cache.Blob(file);
        HubCache.Make(Cache.Blobs);
        if (!File.Exists(blob))
        {
            using FileStream guard = await HubLock.Take(Cache.Lock(file), _transfer, () => _note($"Another process is fetching {file.Name} of {_id}; waiting for it."), stop).ConfigureAwait(false);
            // That process may have fetched it meanwhile.
            if (!File.Exists(blob)) await new BlobDownload(_connection, _refusal, _transfer, Cache, FileAddress(commit, file.Name), file).Run(received, stop).ConfigureAwait(false);
        }
        Cache.Link(commit, file);
    }

    /// <summary>Checks that files fit on the disk.</summary>
    /// <exception cref="EvoluteFaultException">They do not.</exception>
    public void RequireSpace(IEnumerable<HubFile> files)
    {
        long needed = files.Where(f => !File.Exists(Cache.Blob(f))).Sum(f => f.Bytes - (new FileInfo(Cache.Partial(f)) is { Exists: true } partial ? Math.Min(partial.Length, f.Bytes) : 0));
        if (needed == 0) return;
        HubCache.Make(Cache.Blobs);
        long free = _transfer.FreeSpace(Cache.Blobs);
        if (free < needed) throw new EvoluteFaultException($"{_hub.CacheFolder}: {_id.Repository} needs {needed} more bytes and the disk has {free}; free space there, or set HF_HUB_CACHE to a folder on another disk.");
    }

    // A name's slashes are folders; in no part of it is anything that an address would read otherwise.
    private Uri FileAddress(string commit, string name) => Address($"{_kind.Address}{_id.Repository}/resolve/{commit}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}");

    private Uri Address(string path) => new(_hub.Endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);
}
