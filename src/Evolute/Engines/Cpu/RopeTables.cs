using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>A model's tables of all positions, which its seats share.</summary>
internal sealed class RopeTables(ModelSpec spec, int positions) : IDisposable
{
    /// <summary>Positions they reach to.</summary>
    public int Positions { get; } = positions;

    /// <summary>The table of most layers, or null where frequencies depend on the length of a sequence.</summary>
    public RopeTable? Main { get; } = spec.Rope.DependsOnLength ? null : RopeTable.OfPositions(spec.Rope, spec.HeadSize, positions);

    /// <summary>The table of sliding layers that turn in their own way.</summary>
    public RopeTable? Sliding { get; } = spec.SlidingRope is { } rope ? RopeTable.OfPositions(rope, spec.HeadSize, positions) : null;

    public void Dispose()
    {
        Main?.Dispose();
        Sliding?.Dispose();
    }
}
