namespace Evolute.Models.Hub;

/// <summary>What a repository of the hub holds, which says where it is found.</summary>
/// <param name="Word">What it is called in sentences.</param>
/// <param name="Api">Where the hub tells of it, before its name.</param>
/// <param name="Address">Where its page and its files are, before its name.</param>
/// <param name="CachePrefix">The beginning of its folder's name in the cache.</param>
internal sealed record HubKind(string Word, string Api, string Address, string CachePrefix)
{
    public static readonly HubKind Model = new("model", "api/models/", "", "models--");

    public static readonly HubKind Dataset = new("dataset", "api/datasets/", "datasets/", "datasets--");
}
