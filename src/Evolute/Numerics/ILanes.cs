namespace Evolute.Numerics;

/// <summary>
/// The vector operations that every kernel is written in, once, for any width. An implementation is a static table over
/// one pair of vector types: <typeparamref name="TF"/> holds <see cref="Count"/> float32, <typeparamref name="TU"/> as many uint32.
/// Each operation is exact or correctly rounded per lane (no reciprocal estimates, no contraction), so that a kernel gives
/// the same bits at every width.
/// </summary>
internal unsafe interface ILanes<TF, TU>
    where TF : unmanaged
    where TU : unmanaged
{
    /// <summary>Lanes: 1, 4, 8 or 16.</summary>
    static abstract int Count { get; }

    static abstract TF Load(float* p);
    static abstract void Store(TF v, float* p);

    /// <summary>Loads bfloat16 values, which float32 holds exactly.</summary>
    static abstract TF LoadBFloat16(ushort* p);

    static abstract TF Broadcast(float x);
    static abstract TF Add(TF a, TF b);
    static abstract TF Subtract(TF a, TF b);
    static abstract TF Multiply(TF a, TF b);
    static abstract TF Divide(TF a, TF b);
    static abstract TF SquareRoot(TF a);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract TF Fma(TF a, TF b, TF c);

    /// <summary>a &gt; b ? a : b per lane: b where either is NaN.</summary>
    static abstract TF Max(TF a, TF b);

    /// <summary>a &lt; b ? a : b per lane: b where either is NaN.</summary>
    static abstract TF Min(TF a, TF b);

    /// <summary>x &lt; bound ? 0 : y per lane.</summary>
    static abstract TF ZeroWhereBelow(TF x, TF bound, TF y);

    static abstract TU LoadU(uint* p);
    static abstract void StoreU(TU v, uint* p);
    static abstract TU BroadcastU(uint x);

    /// <summary>0, 1, 2, … per lane.</summary>
    static abstract TU Iota { get; }

    static abstract TU AddU(TU a, TU b);
    static abstract TU SubtractU(TU a, TU b);
    static abstract TU And(TU a, TU b);
    static abstract TU Xor(TU a, TU b);
    static abstract TU ShiftLeft(TU a, [System.Diagnostics.CodeAnalysis.ConstantExpected] byte bits);
    static abstract TU ShiftRight(TU a, [System.Diagnostics.CodeAnalysis.ConstantExpected] byte bits);

    /// <summary>Arithmetic shift right of the lanes as int32.</summary>
    static abstract TU ShiftRightSigned(TU a, [System.Diagnostics.CodeAnalysis.ConstantExpected] byte bits);

    /// <summary>The high and low words of the 64-bit product a·b.</summary>
    static abstract void MultiplyWide(TU a, TU b, out TU high, out TU low);

    /// <summary>The lanes as int32, rounded to float32.</summary>
    static abstract TF ToSingle(TU a);

    static abstract TU BitsOf(TF a);
    static abstract TF OfBits(TU a);

    /// <summary>Per lane: ifSet where the top bit of <paramref name="mask"/> is 1, else ifClear.</summary>
    static abstract TF SelectByTopBit(TU mask, TF ifSet, TF ifClear);

    /// <summary>
    /// Loads lanes that stand for consecutive noise counters: 8 counters of one block are neighbours in memory, the
    /// next block begins <c>32</c> words on; so 16 lanes are two groups of 8.
    /// </summary>
    static abstract TF LoadCounters(float* p);

    /// <summary>The store that belongs to <see cref="LoadCounters(float*)"/>.</summary>
    static abstract void StoreCounters(TF v, float* p);
}
