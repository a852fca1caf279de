using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Evolute.Models.Hub;

/// <summary>
/// A model of the hub, <c>ORG/NAME[@revision]</c>. Organisation, name and revision become parts of URLs and of paths in the cache, so only
/// what is safe as both is an id.
/// </summary>
/// <param name="Organization">Who published it.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Revision">A branch, a tag, a pull request's ref or a commit.</param>
public sealed partial record HubModelId(string Organization, string Name, string Revision)
{
    /// <summary>The revision where none is named.</summary>
    public const string DefaultRevision = "main";

    private const int MaxLength = 96, MaxRevisionLength = 200;

    /// <summary><c>ORG/NAME</c>.</summary>
    public string Repository => $"{Organization}/{Name}";

    /// <summary>Whether the revision is a commit's full hash: its files never change.</summary>
    public bool IsPinned => IsCommit(Revision);

    /// <summary>The id that names a commit for good.</summary>
    public HubModelId At(string commit) => this with { Revision = commit };

    /// <summary><c>ORG/NAME@revision</c>.</summary>
    public override string ToString() => $"{Repository}@{Revision}";

    /// <summary>Reads <c>ORG/NAME[@revision]</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HubModelId? id)
    {
        id = null;
        int at = text.IndexOf('@', StringComparison.Ordinal);
        string repository = at < 0 ? text : text[..at], revision = at < 0 ? DefaultRevision : text[(at + 1)..];
        if (repository.Split('/') is not [string organization, string name]) return false;
        if (repository.Length > MaxLength || !IsRepositoryPart(organization) || !IsRepositoryPart(name) || !IsRevision(revision)) return false;
        id = new HubModelId(organization, name, revision);
        return true;
    }

    /// <summary>Reads <c>ORG/NAME[@revision]</c>.</summary>
    /// <exception cref="EvoluteInputException">It is none.</exception>
    public static HubModelId Parse(string text) => TryParse(text, out HubModelId? id)
        ? id
        : throw new EvoluteInputException($"{Quoted.Text(text)} is not a model of the hub; write ORG/NAME or ORG/NAME@REVISION.");

    internal static bool IsCommit(string text) => text.Length == 40 && text.All(char.IsAsciiHexDigitLower);

    // The cache joins the two by "--", so neither may hold it.
    private static bool IsRepositoryPart(string part) =>
        RepositoryPart().IsMatch(part) && !part.Contains("..", StringComparison.Ordinal) && !part.Contains("--", StringComparison.Ordinal);

    /// <summary>Git's rules for names of refs, a little narrower.</summary>
    private static bool IsRevision(string revision) =>
        revision.Length <= MaxRevisionLength
        && revision.Split('/').All(part => RevisionPart().IsMatch(part) && !part.Contains("..", StringComparison.Ordinal) && !part.EndsWith(".lock", StringComparison.Ordinal));

    [GeneratedRegex(@"\A[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex RepositoryPart();

    [GeneratedRegex(@"\A[A-Za-z0-9_+-]([A-Za-z0-9._+-]*[A-Za-z0-9_+-])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex RevisionPart();
}
