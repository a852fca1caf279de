namespace Evolute.Models;

/// <summary>What may differ from one layer of a decoder to the next.</summary>
public sealed record LayerSpec
{
    /// <summary>Whether attention reaches back only <see cref="ModelSpec.SlidingWindow"/> positions.</summary>
    public bool Slides { get; init; }

    /// <summary>Whether queries and keys get the rotary embedding; a layer without has no positions at all.</summary>
    public bool Rotates { get; init; } = true;

    /// <summary>Whether the feed-forward layer is a choice of <see cref="ModelSpec.Experts"/>.</summary>
    public bool Routed { get; init; }

    /// <summary>So many layers that are all alike.</summary>
    internal static LayerSpec[] Alike(int count) => [.. Enumerable.Repeat(new LayerSpec(), count)];

    /// <summary>So many layers that are all alike and without rotary embeddings.</summary>
    internal static LayerSpec[] Unturned(int count) => [.. Enumerable.Repeat(new LayerSpec { Rotates = false }, count)];
}
