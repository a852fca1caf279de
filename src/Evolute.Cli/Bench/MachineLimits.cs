using System.Diagnostics;
using System.Runtime.InteropServices;
using Evolute.Engines.Cpu;
using Evolute.Numerics;

namespace Evolute.Cli.Bench;

/// <summary>What the machine did at its best at one time.</summary>
/// <param name="PeakGflops">Fused multiply-adds in registers, two operations each, in 10⁹ operations a second over all threads.</param>
/// <param name="ReadGbs">Reading memory, in 10⁹ bytes a second over all threads.</param>
internal readonly record struct LimitReading(double PeakGflops, double ReadGbs);

/// <summary>
/// Measures the machine's float32 peak and its read bandwidth with as many threads as the engine has. A reading is short and taken again beside every measurement,
/// since a shared machine is not the same from one second to the next.
/// </summary>
internal sealed unsafe class MachineLimits : IDisposable
{
    /// <summary>Bytes that are read for the bandwidth of memory: far more than a last-level cache holds.</summary>
    public const long BufferBytes = 512L << 20;

    private const int Rounds = 10_000;
    private const long PieceFloats = 1 << 18;
    private static readonly TimeSpan Span = TimeSpan.FromMilliseconds(40);

    private readonly LimitKernel _kernel = LimitKernel.OfWidth(VectorWidth.Choose(null));
    private readonly ThreadTeam _team;
    private readonly double[] _rates;
    private readonly long _partFloats;
    private readonly float* _buffer, _sinks;

    /// <summary>Takes <see cref="BufferBytes"/> of memory; each thread's part is first touched by that thread.</summary>
    /// <exception cref="EvoluteFaultException">There is not enough memory.</exception>
    public MachineLimits(int threads)
    {
        _team = new ThreadTeam(threads);
        _rates = new double[threads];
        _partFloats = BufferBytes / sizeof(float) / threads / LimitKernel.SumBlock * LimitKernel.SumBlock;
        try
        {
            _sinks = (float*)NativeMemory.AlignedAlloc((nuint)threads * 64, 64);
            _buffer = (float*)NativeMemory.AlignedAlloc((nuint)(_partFloats * threads) * sizeof(float), 64);
        }
        catch (OutOfMemoryException e)
        {
            Dispose();
            throw new EvoluteFaultException($"There is not enough memory to measure the bandwidth of memory with {BufferBytes >> 20} MiB.", e);
        }
        _team.Run(member =>
        {
            NativeMemory.Clear(_sinks + member * 16, 64);
            NativeMemory.Clear(_buffer + member * _partFloats, (nuint)_partFloats * sizeof(float));
        });
        Read(BufferBytes);
    }

    /// <summary>One reading.</summary>
    /// <param name="workingSet">
    /// Bytes that the work reads over and over: the bandwidth is that of memory, or of the cache that so many bytes fit into.
    /// </param>
    public LimitReading Read(long workingSet)
    {
        double peak = Sum(member => Rate(() =>
        {
            _kernel.MultiplyAdd(Rounds, _sinks + member * 16);
            return (long)_kernel.OperationsPerRound * Rounds;
        }));
        long part = Math.Clamp(workingSet / sizeof(float) / _team.Size / LimitKernel.SumBlock * LimitKernel.SumBlock, LimitKernel.SumBlock, _partFloats);
        double read = Sum(member =>
        {
            long at = 0;
            return Rate(() =>
            {
                long length = Math.Min(PieceFloats, part - at);
                _kernel.Sum(_buffer + member * _partFloats + at, length, _sinks + member * 16);
                at = at + length == part ? 0 : at + length;
                return length * sizeof(float);
            });
        });
        return new(peak / 1e9, read / 1e9);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _team.Dispose();
        NativeMemory.AlignedFree(_buffer);
        NativeMemory.AlignedFree(_sinks);
    }

    /// <summary>The sum of all threads' rates, measured at the same time.</summary>
    private double Sum(Func<int, double> rate)
    {
        _team.Run(member => _rates[member] = rate(member));
        return _rates.Sum();
    }

    /// <summary>What a piece of work does in a second, done again and again for a short while.</summary>
    private static double Rate(Func<long> piece)
    {
        long start = Stopwatch.GetTimestamp(), units = 0;
        TimeSpan elapsed;
        do
        {
            units += piece();
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < Span);
        return units / elapsed.TotalSeconds;
    }
}
