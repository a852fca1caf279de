namespace Evolute.Engines.Cpu.Kernels;

/// <summary>Rows of a product whose weights have low-rank noise of the rows' members.</summary>
/// <param name="Count">How many rows.</param>
/// <param name="Members">Each row's member.</param>
/// <param name="MemberStride">Floats from one member's factors to the next one's.</param>
/// <param name="Sums">[count][terms], the rows' inner products.</param>
/// <param name="Terms">Inner products of a row.</param>
internal readonly unsafe record struct FactorRows(int Count, nint Members, nint MemberStride, nint Sums, int Terms)
{
    /// <summary>A row's member.</summary>
    public int Member(int row) => ((int*)Members)[row];

    /// <summary>A row's inner products.</summary>
    public float* SumsOf(int row) => (float*)Sums + (nint)row * Terms;
}
