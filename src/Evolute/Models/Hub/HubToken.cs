namespace Evolute.Models.Hub;

/// <summary>An access token. It has no text of its own, so that no message, log or file that shows a value shows it.</summary>
public sealed class HubToken
{
    private readonly string _secret;

    private HubToken(string secret) => _secret = secret;

    /// <summary>The value of the header that carries it.</summary>
    internal string HeaderValue => "Bearer " + _secret;

    /// <summary>Reads a token; null where there is only white space.</summary>
    /// <param name="text">The token's text, perhaps with a line end.</param>
    /// <param name="place">Where it comes from, for messages.</param>
    /// <exception cref="EvoluteInputException">It holds characters that no header can carry.</exception>
    public static HubToken? Of(string? text, string place)
    {
        string secret = text?.Trim() ?? "";
        if (secret.Length == 0) return null;
        // The sentence does not repeat what it found.
        if (!secret.All(c => c is > ' ' and < '\u007F')) throw new EvoluteInputException($"{place}: this is no access token, since it holds blanks or other characters that none has; set it again.");
        return new HubToken(secret);
    }

    /// <inheritdoc/>
    public override string ToString() => "(hidden)";
}
