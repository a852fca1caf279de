using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Cli.Bench;

/// <summary>An engine that counts what its steps do, so that figures are of the work that was really done, whoever drives it.</summary>
internal sealed class CountedEngine(IEngine engine, PackedType packed) : IEngine
{
    private readonly StepOperations _operations = new(engine.Spec, packed);
    private readonly OperationCount[] _counts = new OperationCount[engine.Seats];

    /// <inheritdoc/>
    public ModelSpec Spec => engine.Spec;

    /// <inheritdoc/>
    public WeightTable Weights => engine.Weights;

    /// <inheritdoc/>
    public int Seats => engine.Seats;

    /// <inheritdoc/>
    public int SuitableSlots => engine.SuitableSlots;

    /// <summary>Elements of a working copy's matrices.</summary>
    public long PackedElements { get; } = WorkingCopy.PackedBytes(engine.Spec, packed) / PackedMatrix.SizeOf(packed);

    /// <summary>Bytes that packing a working copy moves: masters read, panels written.</summary>
    public long PackingBytes => PackedElements * (sizeof(float) + PackedMatrix.SizeOf(packed));

    /// <summary>The steps so far, of all seats; counting starts anew.</summary>
    public OperationCount Take()
    {
        OperationCount sum = _counts.Aggregate((a, b) => a + b);
        Array.Clear(_counts);
        return sum;
    }

    /// <inheritdoc/>
    public void Reserve(int slots, int positions, int rows, int inputs = 0) => engine.Reserve(slots, positions, rows, inputs);

    /// <inheritdoc/>
    public void RunSeats(Action<int> body) => engine.RunSeats(body);

    /// <inheritdoc/>
    public void Prepare(int seat, Perturbation? perturbation, float sigma, int place = 0, int places = 1) => engine.Prepare(seat, perturbation, sigma, place, places);

    /// <inheritdoc/>
    public int MembersTogether(NoiseKind noise) => engine.MembersTogether(noise);

    /// <inheritdoc/>
    public void Step(int seat, StepBatch batch)
    {
        _counts[seat] += _operations.Of(batch);
        engine.Step(seat, batch);
    }

    /// <inheritdoc/>
    public void ApplyUpdate(WeightStep step) => engine.ApplyUpdate(step);

    /// <inheritdoc/>
    public ulong Checksum() => engine.Checksum();

    /// <inheritdoc/>
    public void Dispose() => engine.Dispose();
}
