namespace Evolute.Engines.Cpu.Kernels;

/// <summary>
/// The layout of packed matrices: <see cref="Columns"/> columns side by side for each k, [N/16][K][16], so that a tile reads its
/// weights in one stream.
/// </summary>
internal static class Panel
{
    /// <summary>Columns of a panel.</summary>
    public const int Columns = 16;

    /// <summary>Matrices have an even number of panels, so that two 512-bit vectors never lack the second.</summary>
    public const int ColumnsTogether = 32;

    /// <summary><paramref name="n"/> columns rounded up to whole pairs of panels.</summary>
    public static int Padded(int n) => (n + ColumnsTogether - 1) / ColumnsTogether * ColumnsTogether;
}
