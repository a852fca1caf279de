using System.Net;

namespace Evolute.Models.Hub;

/// <summary>
/// Fetches one file's content into the cache. It grows under a name of its own, from where an earlier attempt ended, and gets its final name
/// only when its hash is the one that the hub gave.
/// </summary>
internal sealed class BlobDownload(HubConnection connection, HubRefusal refusal, TransferSettings transfer, HubCache cache, Uri url, HubFile file)
{
    private const int PieceBytes = 1 << 17;

    private readonly string _partial = cache.Partial(file);
    private readonly byte[] _piece = new byte[PieceBytes];

    /// <summary>Bytes at hand so far; never goes down, so that progress does not.</summary>
    public long Position { get; private set; }

    /// <summary>Fetches what is missing; the file's lock must be held.</summary>
    /// <param name="received">Told how many more bytes are at hand.</param>
    /// <param name="stop">Ends it; what was fetched is kept.</param>
    /// <exception cref="EvoluteFaultException">The content is not the file, the line breaks for good, or the disk is full.</exception>
    public async Task Run(Action<long> received, CancellationToken stop)
    {
        await new Retry(transfer).Run(() => Attempt(received, stop), () => Position, stop).ConfigureAwait(false);
        Write(() => File.Move(_partial, cache.Blob(file), overwrite: true));
    }

    private async Task<bool> Attempt(Action<long> received, CancellationToken stop)
    {
        long have = Write(() => new FileInfo(_partial) is { Exists: true } partial ? partial.Length : 0);
        if (have > file.Bytes) have = 0;
        using BlobHash hash = new(file);
        bool resumed = have > 0;
        if (have < file.Bytes || have == 0)
        {
            using HttpResponseMessage response = await connection.Send(HttpMethod.Get, url, have, leave: true, stop).ConfigureAwait(false);
            if (!Continues(response, have)) (have, resumed) = (0, false);
            if (resumed) HashPartial(hash);
            Advance(have, received);
            await Append(response, have, hash, received, stop).ConfigureAwait(false);
        }
        else
        {
            HashPartial(hash);
            Advance(have, received);
        }
        if (hash.Matches()) return true;
        Discard();
        // What lay there from an earlier attempt may be what is wrong, so that is fetched anew.
        string sentence = $"{file.Name}: what {HubConnection.Host(url)} sends has not the hash that it gives; it was thrown away: try again, or ask who runs it.";
        throw resumed ? new PassingFault(sentence) : new EvoluteFaultException(sentence);
    }

    /// <summary>Whether the answer goes on at <paramref name="have"/>; else it begins at the file's beginning.</summary>
    private bool Continues(HttpResponseMessage response, long have)
    {
        // A server that finds nothing at the offset has another file than the hub announced.
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) throw WrongSize();
        refusal.Check(response, file.Name);
        bool part = response.StatusCode == HttpStatusCode.PartialContent;
        if (part && (have == 0 || response.Content.Headers.ContentRange is not { } range || range.From != have || (range.Length ?? file.Bytes) != file.Bytes)) throw WrongSize();
        long expected = part ? file.Bytes - have : file.Bytes;
        if (response.Content.Headers.ContentLength is { } length && length != expected) throw WrongSize();
        return part;
    }

    private async Task Append(HttpResponseMessage response, long have, BlobHash hash, Action<long> received, CancellationToken stop)
    {
        Stream content = await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            using Stream output = Write(() => transfer.OpenFile(_partial, have == 0 ? FileMode.Create : FileMode.Append));
            for (int count; (count = await connection.Read(content, _piece, url, stop).ConfigureAwait(false)) > 0;)
            {
                have += count;
                if (have > file.Bytes)
                {
                    output.Dispose();
                    Discard();
                    throw WrongSize();
                }
                hash.Append(_piece.AsSpan(0, count));
                Write(() => output.Write(_piece.AsSpan(0, count)));
                Advance(have, received);
            }
            Write(() =>
            {
                if (output is FileStream stored) stored.Flush(flushToDisk: true);
                else output.Flush();
            });
        }
        if (have < file.Bytes) throw new PassingFault($"{file.Name}: {HubConnection.Host(url)} broke off after {have} of {file.Bytes} bytes; try again.");
    }

    private void HashPartial(BlobHash hash)
    {
        using FileStream partial = Write(() => new FileStream(_partial, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0));
        for (int count; (count = Write(() => partial.Read(_piece))) > 0;) hash.Append(_piece.AsSpan(0, count));
    }

    private void Advance(long have, Action<long> received)
    {
        if (have <= Position) return;
        received(have - Position);
        Position = have;
    }

    private void Discard() => Write(() => File.Delete(_partial));

    private EvoluteFaultException WrongSize() =>
        new($"{file.Name}: {HubConnection.Host(url)} sends another number of bytes than the {file.Bytes} that the hub gives; try again, or ask who runs it.");

    private void Write(Action work) => Write(() =>
    {
        work();
        return true;
    });

    private T Write<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            throw WriteFault.Of(_partial, e, "run it again; what was fetched is kept");
        }
    }
}
