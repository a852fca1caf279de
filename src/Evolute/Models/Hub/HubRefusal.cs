using System.Globalization;
using System.Net;

namespace Evolute.Models.Hub;

/// <summary>Says in one sentence why the hub does not give something; nothing of the answer's own text is shown.</summary>
internal sealed class HubRefusal(HubSettings hub, HubConnection connection, HubModelId id, HubKind kind)
{
    /// <summary>Checks an answer's status.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="file">The file asked for, or null for the list of files.</param>
    /// <exception cref="PassingFault">The server is busy or broken.</exception>
    /// <exception cref="EvoluteInputException">There is no such thing, or the token may not have it.</exception>
    public void Check(HttpResponseMessage response, string? file)
    {
        if (response.IsSuccessStatusCode) return;
        throw Of(response, file);
    }

    private Exception Of(HttpResponseMessage response, string? file)
    {
        Uri url = response.RequestMessage!.RequestUri!;
        string host = HubConnection.Host(url), model = id.Repository;
        int status = (int)response.StatusCode;
        // A signed address of a storage host runs out; the hub gives a new one.
        if (status is 408 or 429 or >= 500 || !connection.IsHub(url))
            return new PassingFault(string.Create(CultureInfo.InvariantCulture, $"{host} answers with status {status}; try again later.")) { RetryAfter = RetryAfter(response) };
        string? code = response.Headers.TryGetValues("X-Error-Code", out var codes) ? codes.FirstOrDefault() : null;
        return (response.StatusCode, code) switch
        {
            (_, "GatedRepo") => new EvoluteInputException($"{model}: the {kind.Word} is gated; accept its terms at {hub.Endpoint.AbsoluteUri.TrimEnd('/')}/{kind.Address}{model} and {(hub.Token is null ? "set HF_TOKEN to a token of that account" : "set HF_TOKEN to a token of the account that did")}."),
            (_, "RevisionNotFound") => new EvoluteInputException($"{model}: the {kind.Word} has no revision {Quoted.Text(id.Revision)}; name a branch, a tag or a commit of it."),
            (HttpStatusCode.NotFound, "EntryNotFound") => new EvoluteInputException($"{id}: the {kind.Word} has no file {Quoted.Text(file ?? "")}."),
            (HttpStatusCode.Unauthorized, not "RepoNotFound") when hub.Token is not null => new EvoluteInputException($"{model}: {host} does not accept the token; set HF_TOKEN to a valid one."),
            (HttpStatusCode.Forbidden, _) => new EvoluteInputException($"{model}: access is denied; {(hub.Token is null ? "set HF_TOKEN to a token that may read it" : "the token in use may not read it: set HF_TOKEN to one that may")}."),
            (HttpStatusCode.Unauthorized or HttpStatusCode.NotFound, _) => new EvoluteInputException(
                $"{model}: there is no such {kind.Word} at {host}, or it is private: check the name, or {(hub.Token is null ? "set HF_TOKEN to a token that may read it" : "set HF_TOKEN to another token, as the one in use may not read it")}."),
            _ => new EvoluteFaultException(string.Create(CultureInfo.InvariantCulture, $"{model}: {host} answers with status {status}, which is not expected; check HF_ENDPOINT.")),
        };
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;
}
