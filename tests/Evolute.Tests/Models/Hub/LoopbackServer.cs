using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Evolute.Tests.Models.Hub;

/// <summary>A request as it came in.</summary>
internal sealed record HttpRequest(int Port, string Method, string Path, IReadOnlyDictionary<string, string> Headers)
{
    public string? Authorization => Headers.GetValueOrDefault("authorization");

    /// <summary>The first byte asked for.</summary>
    public int Offset => Headers.TryGetValue("range", out string? range) ? int.Parse(range["bytes=".Length..].TrimEnd('-')) : 0;
}

/// <summary>An answer, perhaps a faulty one.</summary>
internal sealed record HttpAnswer(int Status)
{
    public Dictionary<string, string> Headers { get; init; } = [];

    public byte[] Body { get; init; } = [];

    /// <summary>Bytes of the body after which the connection is closed.</summary>
    public int? BreakAfter { get; init; }

    /// <summary>Whether nothing follows after <see cref="BreakAfter"/> although the connection stays open.</summary>
    public bool Stalls { get; init; }
}

/// <summary>A small HTTP server on loopback, one request a connection, that does what a test says and remembers what it was asked.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<HttpRequest> _requests = [];
    private readonly Func<HttpRequest, HttpAnswer> _answer;
    private readonly Task _accepting;

    public LoopbackServer(Func<HttpRequest, HttpAnswer> answer)
    {
        _answer = answer;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = Task.Run(Accept);
    }

    public int Port { get; }

    public Uri Address => new($"http://127.0.0.1:{Port}");

    public IReadOnlyList<HttpRequest> Requests
    {
        get
        {
            lock (_requests) return [.. _requests];
        }
    }

    public void Dispose()
    {
        _stop.Cancel(); // Harmless a second time, so that a test may go offline.
        _listener.Dispose();
        _accepting.Wait();
    }

    private async Task Accept()
    {
        try
        {
            while (true) _ = Serve(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // The test is over; what a listener that is gone throws depends on when it went.
        }
    }

    private async Task Serve(TcpClient client)
    {
        using (client)
            try
            {
                NetworkStream stream = client.GetStream();
                if (await ReadRequest(stream) is not { } request) return;
                lock (_requests) _requests.Add(request);
                await Write(stream, request, _answer(request));
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
                // The client went away, or the test is over.
            }
    }

    private async Task<HttpRequest?> ReadRequest(NetworkStream stream)
    {
        StringBuilder text = new();
        byte[] one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0) return null;
            text.Append((char)one[0]);
        }
        string[] lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] first = lines[0].Split(' ');
        return new HttpRequest(Port, first[0], first[1], lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(p => p[0].ToLowerInvariant(), p => p[1]));
    }

    private async Task Write(NetworkStream stream, HttpRequest request, HttpAnswer answer)
    {
        StringBuilder head = new($"HTTP/1.1 {answer.Status} Answer\r\nConnection: close\r\n");
        foreach ((string name, string value) in answer.Headers) head.Append($"{name}: {value}\r\n");
        if (!answer.Headers.ContainsKey("Content-Length") && !answer.Headers.ContainsKey("Transfer-Encoding")) head.Append($"Content-Length: {answer.Body.Length}\r\n");
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), _stop.Token);
        if (request.Method == "HEAD") return;
        await stream.WriteAsync(answer.Body.AsMemory(0, answer.BreakAfter ?? answer.Body.Length), _stop.Token);
        await stream.FlushAsync(_stop.Token);
        if (answer.Stalls) await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, _stop.Token);
    }
}
