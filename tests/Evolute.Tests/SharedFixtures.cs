namespace Evolute.Tests;

/// <summary>Reference material that stands beside the repository; tests that need it skip where it is absent.</summary>
internal static class SharedFixtures
{
    private static readonly string? Root = Find();

    public static bool Present => Root is not null;

    public const string Reason = "The reference material (a folder 'shared' beside the repository, or EVOLUTE_SHARED) is not here.";

    /// <summary>A path below the shared folder; skips the calling test where the folder is absent.</summary>
    public static string Path(params string[] parts)
    {
        Assert.SkipUnless(Present, Reason);
        return System.IO.Path.Combine([Root!, .. parts]);
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("EVOLUTE_SHARED") is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;
        if (RepositoryFolder.Root is not { } root) return null;
        string beside = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(root)!, "shared");
        return Directory.Exists(System.IO.Path.Combine(beside, "fixtures")) ? beside : null;
    }
}
