using System.Diagnostics.CodeAnalysis;

namespace Evolute.Models.Hub;

/// <summary>A dataset of the hub, <c>ORG/NAME[@REVISION][:FILE]</c>.</summary>
/// <param name="Repository">The repository and its revision.</param>
/// <param name="File">A file of it, with the folders that it lies in; what the names of several shards begin with (<c>data/train</c>); a folder that has one of either. Null where the dataset has only one.</param>
public sealed record HubDatasetId(HubModelId Repository, string? File)
{
    private const int MaxFileLength = 400;

    /// <summary><c>ORG/NAME@REVISION[:FILE]</c>.</summary>
    public override string ToString() => File is null ? Repository.ToString() : $"{Repository}:{File}";

    /// <summary>Reads <c>ORG/NAME[@REVISION][:FILE]</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HubDatasetId? id)
    {
        id = null;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string? file = colon < 0 ? null : text[(colon + 1)..];
        if (!HubModelId.TryParse(colon < 0 ? text : text[..colon], out HubModelId? repository) || (file is not null && !IsFile(file))) return false;
        id = new(repository, file);
        return true;
    }

    /// <summary>Whether a name can be one of a file within a folder, and leads nowhere else.</summary>
    internal static bool IsFile(string name) => name.Length is > 0 and <= MaxFileLength
        && name.Split('/').All(part => part is not ("" or "." or "..") && !part.EndsWith('.') && part.All(c => !char.IsControl(c) && c is not ('\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|')));
}
