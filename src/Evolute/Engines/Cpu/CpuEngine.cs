using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Engines.Cpu;

/// <summary>
/// The engine on this machine's processors. A model whose working copy fits a core's share of the cache is evaluated one member a thread, side by side;
/// a larger one takes all threads for one member. The bits are the same either way.
/// </summary>
public sealed class CpuEngine : IEngine
{
    /// <summary>Bytes of a working copy for which members run side by side on any number of threads, and of all copies together where there are few.</summary>
    private const long CopyBytes = 8 << 20, CopiesBytes = 24 << 20;

    private readonly CpuKernels _kernels;
    private readonly ThreadTeam _team;
    private readonly ThreadTeam[] _seatTeams;
    private readonly WorkingCopy[] _working;
    private readonly ForwardPass?[] _forwards;
    private readonly WeightUpdate _update;
    private readonly long _memberBytes, _rankBytes;
    private RopeTables? _rope;
    private int _slots, _positions, _rows, _inputs, _updates;

    /// <summary>An engine over <paramref name="weights"/>, which it owns from now on.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="weights">Its float32 masters.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="packed">What members' matrices are held in; it changes results.</param>
    public CpuEngine(ModelSpec spec, WeightTable weights, int threads, PackedType packed = PackedType.Float32)
        : this(spec, weights, threads, CpuKernels.Best, sideBySide: null, packed) { }

    internal CpuEngine(ModelSpec spec, WeightTable weights, int threads, CpuKernels kernels, bool? sideBySide, PackedType packed = PackedType.Float32)
    {
        if (threads < 1) throw new EvoluteInputException($"--threads must be at least 1, not {threads}.");
        Spec = spec;
        Weights = weights;
        _kernels = kernels;
        _team = new ThreadTeam(threads);
        Seats = sideBySide is { } chosen ? chosen ? threads : 1 : SeatsOf(WorkingCopy.PackedBytes(spec, packed), threads);
        _seatTeams = Seats == 1 ? [_team] : [.. Enumerable.Range(0, Seats).Select(_ => new ThreadTeam(1))];
        _working = [.. Enumerable.Range(0, Seats).Select(_ => WorkingCopy.Of(spec, weights, packed))];
        // Asked for each time a member is prepared.
        _memberBytes = sizeof(float) * _working[0].FactorLength(0);
        _rankBytes = sizeof(float) * _working[0].FactorLength(1) - _memberBytes;
        _forwards = new ForwardPass?[Seats];
        _update = new WeightUpdate(weights, kernels);
    }

    /// <inheritdoc/>
    public ModelSpec Spec { get; }

    /// <inheritdoc/>
    public WeightTable Weights { get; }

    /// <inheritdoc/>
    public int Seats { get; }

    /// <inheritdoc/>
    public int SuitableSlots => SuitableSlotsOf(Seats);

    /// <summary>How many members run side by side: one a thread where their working copies stay in the caches, else one.</summary>
    internal static int SeatsOf(long packedBytes, int threads) => packedBytes <= CopyBytes || packedBytes <= CopiesBytes / threads ? threads : 1;

    /// <summary><see cref="SuitableSlots"/> of an engine with so many seats.</summary>
    internal static int SuitableSlotsOf(int seats) => seats == 1 ? 64 : 16;

    /// <inheritdoc/>
    public void Reserve(int slots, int positions, int rows, int inputs = 0)
    {
        if (slots <= _slots && positions <= _positions && rows <= _rows && inputs <= _inputs) return;
        (_slots, _positions, _rows, _inputs) = (Math.Max(slots, _slots), Math.Max(positions, _positions), Math.Max(rows, _rows), Math.Max(inputs, _inputs));
        try
        {
            for (int seat = 0; seat < Seats; seat++)
            {
                _forwards[seat]?.Dispose();
                _forwards[seat] = null;
                _forwards[seat] = NewForward(seat);
            }
        }
        catch (OutOfMemoryException e)
        {
            throw new EvoluteFaultException($"There is not enough memory for {_slots} sequences of {_positions} tokens on {Seats} seats; lower --batch-size or --max-new-tokens.", e);
        }
    }

    /// <inheritdoc/>
    public void RunSeats(Action<int> body)
    {
        if (Seats == 1) body(0);
        else _team.Run(body);
    }

    /// <inheritdoc/>
    public void Prepare(int seat, Perturbation? perturbation, float sigma, int place = 0, int places = 1)
    {
        if (place < 0 || place >= places || (places > 1 && (perturbation is null || places > MembersTogether(perturbation.Value.Noise))))
            throw new ArgumentOutOfRangeException(nameof(places), "The seat has no such place.");
        if (perturbation is { Noise.Form: NoiseForm.LowRank } member) _working[seat].WriteLowRank(member, place, places, sigma, _seatTeams[seat], _updates);
        else _working[seat].Write(perturbation, sigma, _seatTeams[seat]);
    }

    /// <inheritdoc/>
    public int MembersTogether(NoiseKind noise) => noise.Form == NoiseForm.LowRank ? LowRankMemory.MostTogether(Spec, _memberBytes + noise.Rank * _rankBytes, Seats) : 1;

    /// <inheritdoc/>
    public void Step(int seat, StepBatch batch)
    {
        ForwardPass forward = _forwards[seat] ?? throw new InvalidOperationException("Reserve comes before the first step.");
        if (batch.Count > forward.Rows) throw new ArgumentException($"The step has {batch.Count} rows, reserved were {forward.Rows}.", nameof(batch));
        if (batch.Shares.Count > 0 && !Spec.SharesPrefixes) throw new ArgumentException("Sequences of this model cannot share what their slots hold.", nameof(batch));
        forward.Step(batch);
    }

    /// <inheritdoc/>
    public void ApplyUpdate(WeightStep step)
    {
        _updates++;
        _update.Apply(step, _team);
    }

    /// <inheritdoc/>
    public ulong Checksum()
    {
        ulong[] tensors = new ulong[Weights.Tensors.Count];
        _team.Run(_ =>
        {
            for (int i = _team.Take(1); i < tensors.Length; i = _team.Take(1)) tensors[i] = WeightsDigest.OfTensor(Weights.Tensors[i]);
        });
        return WeightsDigest.Merge(tensors);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ForwardPass? forward in _forwards) forward?.Dispose();
        foreach (WorkingCopy working in _working) working.Dispose();
        foreach (ThreadTeam team in _seatTeams) if (team != _team) team.Dispose();
        _team.Dispose();
        _rope?.Dispose();
        _update.Dispose();
        Weights.Dispose();
    }

    private ForwardPass NewForward(int seat)
    {
        if (_working[seat] is EncoderDecoderWeights both)
            return new EncoderDecoderForward(Spec, _kernels, _seatTeams[seat], both, _slots, _positions, _rows, _inputs);
        if (_rope is null || _rope.Positions < _positions)
        {
            _rope?.Dispose();
            _rope = new RopeTables(Spec, _positions);
        }
        return new Forward(Spec, _kernels, _seatTeams[seat], (WorkingWeights)_working[seat], _rope, _slots, _positions, _rows);
    }
}
