using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Evolute.Models.Hub;

/// <summary>
/// Sends requests to the hub and follows redirects itself, since the token must not go along: it is sent to the endpoint's scheme, host and
/// port only, and once a chain of redirects has left them, not even there again.
/// </summary>
internal sealed class HubConnection : IDisposable
{
    private const int MaxRedirects = 10;

    private readonly HubSettings _hub;
    private readonly TransferSettings _transfer;
    private readonly HttpClient _client;

    public HubConnection(HubSettings hub, TransferSettings transfer)
    {
        (_hub, _transfer) = (hub, transfer);
        _client = new HttpClient(transfer.CreateHandler(transfer)) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("evolute", typeof(HubConnection).Assembly.GetName().Version?.ToString(3)));
        // Sizes and hashes are of the files themselves.
        _client.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
    }

    /// <summary>Whether a URL is the endpoint's: same scheme, host and port.</summary>
    public bool IsHub(Uri url) => SameOrigin(url, _hub.Endpoint);

    /// <summary>Sends one request; the answer's content is still to be read.</summary>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="url">A URL of the hub.</param>
    /// <param name="offset">The first byte wanted.</param>
    /// <param name="leave">Whether redirects to other hosts are followed; without, the answer that redirects there is the result.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="PassingFault">There is no answer.</exception>
    /// <exception cref="EvoluteFaultException">The redirects lead nowhere, or to where nothing should be sent.</exception>
    public async Task<HttpResponseMessage> Send(HttpMethod method, Uri url, long offset, bool leave, CancellationToken stop)
    {
        bool trusted = true;
        for (int hop = 0; hop <= MaxRedirects; hop++)
        {
            trusted &= IsHub(url);
            HttpResponseMessage response = await SendOnce(method, url, offset, trusted, stop).ConfigureAwait(false);
            if (!IsRedirect(response)) return response;
            Uri? next = Target(url, response);
            if (next is not null && !leave && !IsHub(next)) return response;
            response.Dispose();
            url = next ?? throw new EvoluteFaultException($"{Host(url)} redirects without a valid address; try again, or ask who runs it.");
        }
        throw new EvoluteFaultException($"{Host(url)} redirects more than {MaxRedirects} times; try again, or ask who runs it.");
    }

    /// <summary>Reads some bytes of an answer; 0 at its end.</summary>
    /// <exception cref="PassingFault">They do not come.</exception>
    public Task<int> Read(Stream content, Memory<byte> buffer, Uri url, CancellationToken stop) =>
        Watch(async token => await content.ReadAsync(buffer, token).ConfigureAwait(false), url, stop);

    /// <summary>The host as messages show it: never the query, which may carry a signature.</summary>
    public static string Host(Uri url) => url.IsDefaultPort ? url.IdnHost : $"{url.IdnHost}:{url.Port}";

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendOnce(HttpMethod method, Uri url, long offset, bool trusted, CancellationToken stop)
    {
        using HttpRequestMessage request = new(method, url);
        if (offset > 0) request.Headers.Range = new RangeHeaderValue(offset, null);
        if (trusted && _hub.Token is { } token) request.Headers.TryAddWithoutValidation("Authorization", token.HeaderValue);
        return await Watch(limit => _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit), url, stop).ConfigureAwait(false);
    }

    private async Task<T> Watch<T>(Func<CancellationToken, Task<T>> work, Uri url, CancellationToken stop)
    {
        using CancellationTokenSource stall = new(_transfer.StallTimeout, _transfer.Clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, stop);
        try
        {
            return await work(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new PassingFault($"{Host(url)} is silent for too long; check the network and try again.", e) { Unreachable = true };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            bool unreachable = e is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError };
            throw new PassingFault(unreachable
                ? $"{Host(url)} cannot be reached; check the network, or set HF_HUB_OFFLINE=1 to use only what is in the cache."
                : $"The connection to {Host(url)} broke; check the network and try again.", e)
            { Unreachable = unreachable };
        }
    }

    private static bool IsRedirect(HttpResponseMessage response) => response.StatusCode is
        HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static Uri? Target(Uri from, HttpResponseMessage response)
    {
        if (response.Headers.Location is not { } location || !Uri.TryCreate(from, location, out Uri? next)) return null;
        if (next.Scheme != Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttp) return null;
        if (from.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp)
            throw new EvoluteFaultException($"{Host(from)} redirects from https to http at {Host(next)}, which is not followed; ask who runs it.");
        return next;
    }

    private static bool SameOrigin(Uri a, Uri b) => a.Scheme == b.Scheme && a.Port == b.Port && string.Equals(a.IdnHost, b.IdnHost, StringComparison.OrdinalIgnoreCase);
}
