using Evolute.Models.Hub;

namespace Evolute.Tests.Models.Hub;

/// <summary>Servers that break off, stall, lie and forget, and disks that are full.</summary>
public class HubFaultTests
{
    private const string Weights = "model.safetensors";

    [Fact]
    public void A_download_goes_on_where_it_broke_off()
    {
        using TestHub hub = new();
        byte[] content = hub.Files[Weights];
        List<long> received = [];
        hub.Faults = request => IsWeights(request) ? TestHub.Content(request, Weights, content) with { BreakAfter = request.Offset < 200_000 ? 100_000 : null } : null;
        string folder = hub.Fetch(received: (_, bytes) => received.Add(bytes));
        Assert.Equal(content, File.ReadAllBytes(Path.Combine(folder, Weights)));
        Assert.Equal([0, 100_000, 200_000], hub.Server.Requests.Where(IsWeights).Select(r => r.Offset));
        Assert.Equal(content.Length, received.Sum());
        Assert.False(File.Exists(hub.Partial(Weights)));
    }

    [Fact]
    public void What_another_process_left_is_gone_on_with()
    {
        using TestHub hub = new();
        Directory.CreateDirectory(Path.GetDirectoryName(hub.Partial(Weights))!);
        File.WriteAllBytes(hub.Partial(Weights), hub.Files[Weights][..123_456]);
        long received = 0;
        string folder = hub.Fetch(received: (_, bytes) => received += bytes);
        Assert.Equal(123_456, hub.Server.Requests.Single(IsWeights).Offset);
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(folder, Weights)));
        Assert.Equal(300_000, received);
    }

    [Theory]
    [InlineData(123_456)] // wrong from its beginning
    [InlineData(300_000)]
    [InlineData(300_001)] // longer than the file
    public void What_was_left_and_is_wrong_is_fetched_anew(int length)
    {
        using TestHub hub = new();
        Directory.CreateDirectory(Path.GetDirectoryName(hub.Partial(Weights))!);
        File.WriteAllBytes(hub.Partial(Weights), new byte[length]);
        string folder = hub.Fetch();
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(folder, Weights)));
        Assert.Equal(0, hub.Server.Requests.Last(IsWeights).Offset);
    }

    [Fact]
    public void A_whole_file_that_lacked_only_its_name_is_not_asked_for()
    {
        using TestHub hub = new();
        Directory.CreateDirectory(Path.GetDirectoryName(hub.Partial(Weights))!);
        File.WriteAllBytes(hub.Partial(Weights), hub.Files[Weights]);
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(hub.Fetch(), Weights)));
        Assert.DoesNotContain(hub.Server.Requests, IsWeights);
    }

    [Fact]
    public void A_server_that_ignores_ranges_starts_anew()
    {
        using TestHub hub = new();
        byte[] content = hub.Files[Weights];
        Directory.CreateDirectory(Path.GetDirectoryName(hub.Partial(Weights))!);
        File.WriteAllBytes(hub.Partial(Weights), content[..1000]);
        long received = 0;
        hub.Faults = request => IsWeights(request) ? new HttpAnswer(200) { Body = content } : null;
        Assert.Equal(content, File.ReadAllBytes(Path.Combine(hub.Fetch(received: (_, bytes) => received += bytes), Weights)));
        Assert.Equal(content.Length, received);
    }

    [Theory]
    [InlineData("bytes 0-299999/300000")]
    [InlineData("bytes 1000-299999/300001")]
    [InlineData("bytes 1001-299999/300000")]
    [InlineData("nonsense")]
    public void A_wrong_range_is_refused(string range)
    {
        using TestHub hub = new();
        Directory.CreateDirectory(Path.GetDirectoryName(hub.Partial(Weights))!);
        File.WriteAllBytes(hub.Partial(Weights), hub.Files[Weights][..1000]);
        hub.Faults = request => IsWeights(request) ? new HttpAnswer(206) { Body = hub.Files[Weights][1000..], Headers = { ["Content-Range"] = range } } : null;
        Refused<EvoluteFaultException>(hub, "model.safetensors: 127.0.0.1:PORT sends another number of bytes than the 300000 that the hub gives");
    }

    [Fact]
    public void A_server_that_stalls_is_given_up()
    {
        using TestHub hub = new();
        hub.Transfer = hub.Transfer with { StallTimeout = TimeSpan.FromSeconds(2), Attempts = 2 };
        hub.Faults = request => IsWeights(request) ? TestHub.Content(request, Weights, hub.Files[Weights]) with { BreakAfter = 1000, Stalls = true } : null;
        Refused<PassingFault>(hub, "127.0.0.1:PORT is silent for too long; check the network and try again.");
        Assert.Equal([0, 1000], hub.Server.Requests.Where(IsWeights).Select(r => r.Offset));
        Assert.Equal(2000, new FileInfo(hub.Partial(Weights)).Length);
    }

    [Fact]
    public void A_server_that_never_answers_is_given_up()
    {
        using TestHub hub = new();
        hub.Transfer = hub.Transfer with { StallTimeout = TimeSpan.FromMilliseconds(100), Attempts = 2 };
        hub.Faults = _ => new HttpAnswer(200) { Headers = { ["Content-Length"] = "10" }, Stalls = true };
        Refused<PassingFault>(hub, "127.0.0.1:PORT is silent for too long; check the network and try again.");
    }

    [Theory]
    [InlineData(299_999)]
    [InlineData(300_001)]
    public void A_server_that_lies_about_the_length_is_refused(int length)
    {
        using TestHub hub = new();
        byte[] content = TestHub.Bytes(length);
        hub.Faults = request => IsWeights(request) ? new HttpAnswer(200) { Body = content } : null;
        Refused<EvoluteFaultException>(hub, "model.safetensors: 127.0.0.1:PORT sends another number of bytes than the 300000 that the hub gives");
    }

    [Fact]
    public void A_server_that_sends_without_end_is_cut_off_at_the_length()
    {
        using TestHub hub = new();
        byte[] body = [.. "7a120\r\n"u8, .. new byte[500_000], .. "\r\n"u8]; // one piece of 500,000 bytes, and then more of them to come
        hub.Faults = request => IsWeights(request) ? new HttpAnswer(200) { Body = body, Headers = { ["Transfer-Encoding"] = "chunked" }, Stalls = true } : null;
        Refused<EvoluteFaultException>(hub, "model.safetensors: 127.0.0.1:PORT sends another number of bytes than the 300000 that the hub gives");
        Assert.False(File.Exists(hub.Partial(Weights)));
    }

    [Theory]
    [InlineData(Weights)]
    [InlineData("config.json")]
    public void Content_of_another_hash_never_gets_a_name(string name)
    {
        using TestHub hub = new();
        byte[] wrong = [.. hub.Files[name]];
        wrong[^1] ^= 1;
        hub.Faults = request => request.Method == "GET" && request.Path.EndsWith('/' + name) ? TestHub.Content(request, name, wrong) : null;
        Refused<EvoluteFaultException>(hub, $"{name}: what 127.0.0.1:PORT sends has not the hash that it gives");
        Assert.DoesNotContain(Directory.GetFiles(hub.ModelFolder, TestHub.HashOf(name, hub.Files[name]) + "*", SearchOption.AllDirectories), _ => true);
        Assert.False(Path.Exists(Path.Combine(hub.Snapshot, name)));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public void A_busy_server_is_asked_again_a_bounded_number_of_times(int status)
    {
        using TestHub hub = new();
        int busy = 3;
        hub.Faults = _ => busy-- > 0 ? new HttpAnswer(status) : null;
        Assert.Equal(hub.Snapshot, hub.Fetch());
        busy = int.MaxValue;
        int before = hub.Server.Requests.Count;
        Refused<PassingFault>(hub, $"127.0.0.1:PORT answers with status {status}; try again later.");
        Assert.Equal(before + 5, hub.Server.Requests.Count);
    }

    [Fact]
    public void Waits_double_heed_the_server_and_have_a_bound()
    {
        using TestHub hub = new();
        NotingClock clock = new();
        hub.Transfer = hub.Transfer with { Clock = clock, FirstDelay = TimeSpan.FromSeconds(1), StallTimeout = TimeSpan.FromHours(1) };
        int count = 0;
        hub.Faults = _ => new HttpAnswer(503) { Headers = { ["Retry-After"] = count++ == 2 ? "7" : count == 4 ? "86400" : "0" } };
        Refused<PassingFault>(hub, "127.0.0.1:PORT answers with status 503; try again later.");
        Assert.Equal([1, 2, 7, 60], clock.Waits);
    }

    [Fact]
    public void A_full_disk_is_one_sentence_and_what_was_fetched_is_kept()
    {
        using TestHub hub = new();
        hub.Transfer = hub.Transfer with
        {
            OpenFile = (path, mode) =>
            {
                FileStream file = new(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0);
                return path == hub.Partial(Weights) ? new FullDisk(file, 150_000) : file;
            },
        };
        Assert.Equal($"{hub.Partial(Weights)}: the disk is full; free space there and run it again; what was fetched is kept.", Assert.ThrowsAny<EvoluteFaultException>(() => hub.Fetch()).Message);
        long kept = new FileInfo(hub.Partial(Weights)).Length;
        Assert.InRange(kept, 1, 150_000);
        hub.Transfer = new TransferSettings();
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(hub.Fetch(), Weights)));
        Assert.Equal(kept, hub.Server.Requests.Last(IsWeights).Offset);
    }

    [Fact]
    public void An_interrupted_download_keeps_what_it_has()
    {
        using TestHub hub = new();
        using CancellationTokenSource stop = new();
        hub.Stop = stop.Token;
        hub.Faults = request => IsWeights(request) && request.Offset == 0 ? TestHub.Content(request, Weights, hub.Files[Weights]) with { BreakAfter = 1000, Stalls = true } : null;
        Assert.ThrowsAny<OperationCanceledException>(() => hub.Fetch(received: (_, _) => stop.Cancel()));
        hub.Stop = TestContext.Current.CancellationToken;
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(hub.Fetch(), Weights)));
        Assert.Equal(1000, hub.Server.Requests.Last(IsWeights).Offset);
    }

    private static bool IsWeights(HttpRequest request) => request.Method == "GET" && request.Path.EndsWith('/' + Weights);

    private static void Refused<T>(TestHub hub, string sentence) where T : Exception =>
        Assert.StartsWith(sentence.Replace("PORT", $"{hub.Server.Port}", StringComparison.Ordinal), Assert.Throws<T>(() => hub.Fetch()).Message);

    /// <summary>Its timers are due at once and written down, but for the watch over stalls, which never is.</summary>
    private sealed class NotingClock : TimeProvider
    {
        public List<double> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime >= TimeSpan.FromHours(1)) return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
            Waits.Add(dueTime.TotalSeconds);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private sealed class FullDisk(Stream inner, long space) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => inner.Length;
        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (inner.Length + buffer.Length > space) throw new IOException("No space left on device", 28);
            inner.Write(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
        public override void Flush() => inner.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
