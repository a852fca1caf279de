namespace Evolute.Models.Hub;

/// <summary>A file of a model as the hub describes it before it is fetched.</summary>
/// <param name="Name">Its plain name.</param>
/// <param name="Hash">SHA-256 of a large file, or git's SHA-1 of a small one, in hexadecimal; its name in the cache.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record HubFile(string Name, string Hash, long Bytes)
{
    /// <summary>Reads the headers of a file's address.</summary>
    /// <exception cref="EvoluteFaultException">They do not say hash and size, without which the content cannot be proved.</exception>
    public static HubFile Of(string name, HttpResponseMessage response, HubModelId id)
    {
        string tag = Header(response, "X-Linked-Etag") ?? Header(response, "ETag") ?? "";
        string hash = (tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag).Trim('"');
        // The hash becomes a file's name, so what is not one ends here.
        if (hash.Length is not (40 or 64) || !hash.All(char.IsAsciiHexDigitLower))
            throw new EvoluteFaultException($"{id}: the hub does not give the hash of {name}, so the file cannot be proved; check HF_ENDPOINT.");
        bool redirects = (int)response.StatusCode is >= 300 and < 400;
        string? size = Header(response, "X-Linked-Size");
        long? bytes = size is null && !redirects ? response.Content.Headers.ContentLength : ulong.TryParse(size, out ulong given) && given <= long.MaxValue ? (long)given : null;
        return new HubFile(name, hash, bytes ?? throw new EvoluteFaultException($"{id}: the hub does not give the size of {name}, so the file cannot be proved; check HF_ENDPOINT."));
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
