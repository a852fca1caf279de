using Evolute.Engines.Cpu;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Evolution;

/// <summary>
/// Evolution strategies on a plain vector, by asking and telling: the noise, the shapings and the updates of the training of models, bit for bit, for whatever
/// can be scored: test functions, control policies, settings of a program. Larger rewards are better.
/// </summary>
/// <example>
/// <code>
/// EvolutionSettings settings = new() { Population = 64, Mirrored = true, Sigma = 0.1, LearningRate = 0.5, Iterations = 100 };
/// using VectorEvolution strategy = new(new float[20], settings);
/// double[] rewards = new double[settings.Population];
/// while (!strategy.Finished)
/// {
///     Parallel.ForEach(strategy.Ask(), candidate => rewards[candidate.Member] = -Loss(candidate.ToArray()));
///     strategy.Tell(rewards);
/// }
/// float[] best = strategy.ToArray();
/// </code>
/// </example>
/// <remarks>
/// The state is a pure function of start, settings and the rewards told: keep the rewards, and <see cref="Replay"/> brings a new strategy to the same bits.
/// Of the settings those about prompts and responses have no meaning here. Candidates may be read from several threads; the rest is for one thread at a time.
/// </remarks>
public sealed class VectorEvolution : IDisposable
{
    private readonly WeightTable _weights;
    private readonly (WeightTensor Tensor, int Offset)[] _parts;
    private readonly WeightUpdate _update;
    private readonly ThreadTeam _team;
    private Perturbation[] _members = [];
    private VectorCandidate[] _candidates = [];
    private float _sigma;
    private bool _asked, _disposed;

    /// <summary>A strategy that starts at <paramref name="start"/>, of which it takes a copy.</summary>
    /// <param name="start">θ₀.</param>
    /// <param name="settings">Population, noise, shaping, update, schedules and seed.</param>
    /// <param name="tensors">
    /// The named tensors that follow each other in the vector, for noise that sees matrices and for patterns of <see cref="EvolutionSettings.Parameters"/>; null
    /// for one tensor called "vector". Names are part of the noise, as in models.
    /// </param>
    /// <param name="threads">Threads that make updates; they change no bit, and pay from some ten thousand weights on.</param>
    /// <exception cref="EvoluteInputException">A setting is out of range, or a value of the start is not a finite number.</exception>
    /// <exception cref="ArgumentException">The tensors do not make up the vector.</exception>
    public VectorEvolution(ReadOnlySpan<float> start, EvolutionSettings settings, IReadOnlyList<TensorSpec>? tensors = null, int threads = 1)
    {
        settings.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (FiniteScan.FirstNonFinite(start) is >= 0 and int at) throw new EvoluteInputException($"The start's value {at} is not a finite number.");
        tensors ??= [new TensorSpec("vector", [start.Length])];
        if (start.IsEmpty || tensors.Sum(t => t.Length) != start.Length)
            throw new ArgumentException($"The tensors have {tensors.Sum(t => t.Length)} values and the start has {start.Length}; they must be as many, and one at least.", nameof(tensors));
        settings.Parameters.Validate(tensors);
        (Settings, Length) = (settings, start.Length);
        _weights = new WeightTable(tensors, clear: false);
        settings.Parameters.ApplyTo(_weights);
        _parts = new (WeightTensor, int)[tensors.Count];
        for (int i = 0, offset = 0; i < _parts.Length; i++)
        {
            WeightTensor tensor = _weights[tensors[i].Name];
            _parts[i] = (tensor, offset);
            start.Slice(offset, (int)tensor.Length).CopyTo(tensor.Span);
            offset += (int)tensor.Length;
        }
        _team = new ThreadTeam(threads);
        _update = new WeightUpdate(_weights);
    }

    /// <summary>What shapes the evolution.</summary>
    public EvolutionSettings Settings { get; }

    /// <summary>Values of the vector, d.</summary>
    public int Length { get; }

    /// <summary>How often rewards were told.</summary>
    public int Iteration { get; private set; }

    /// <summary>Whether all iterations of the settings are made.</summary>
    public bool Finished => Iteration == Settings.Iterations;

    /// <summary>The population of the next iteration; asked again before rewards are told, the same one.</summary>
    /// <returns>[N] candidates, in the order in which their rewards are told.</returns>
    /// <exception cref="InvalidOperationException">All iterations are made.</exception>
    public IReadOnlyList<VectorCandidate> Ask()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_asked) return _candidates;
        if (Finished) throw new InvalidOperationException($"All {Settings.Iterations} iterations of the settings are made; give more Iterations to go on.");
        int iteration = Iteration + 1;
        _members = EvolutionLoop.Population(Settings, iteration);
        _sigma = (float)Settings.SigmaAt(iteration);
        // A new array, since a caller may still hold the last one.
        _candidates = new VectorCandidate[_members.Length];
        for (int n = 0; n < _candidates.Length; n++) _candidates[n] = new(this, iteration, n);
        _asked = true;
        return _candidates;
    }

    /// <summary>Ends an iteration: the rewards become coefficients and the vector moves by them.</summary>
    /// <param name="rewards">[N], finite, in the order of the candidates.</param>
    /// <returns>Whether there was anything to learn: when all rewards are equal, the vector, moments and decay are left as they are.</returns>
    /// <exception cref="InvalidOperationException">No candidates were asked for since the last rewards.</exception>
    /// <exception cref="ArgumentException">There are too few or too many rewards, or one is not a finite number; nothing has changed then.</exception>
    public bool Tell(ReadOnlySpan<double> rewards)
    {
        Require(rewards.Length);
        double[][] single = new double[rewards.Length][];
        for (int n = 0; n < single.Length; n++) single[n] = [Finite(rewards[n], n)];
        return Move(single);
    }

    /// <summary>Ends an iteration in which every candidate was tried on the same cases, for shapings that compare case by case; a member's reward is its mean.</summary>
    /// <param name="rewards">[N][cases], finite.</param>
    /// <returns>Whether there was anything to learn, as with one reward a member.</returns>
    /// <exception cref="InvalidOperationException">No candidates were asked for since the last rewards.</exception>
    /// <exception cref="ArgumentException">There are too few or too many rewards, or one is not a finite number; nothing has changed then.</exception>
    public bool Tell(IReadOnlyList<IReadOnlyList<double>> rewards)
    {
        Require(rewards.Count);
        for (int n = 0; n < rewards.Count; n++)
        {
            if (rewards[n].Count == 0 || rewards[n].Count != rewards[0].Count)
                throw new ArgumentException($"Member {n} has {rewards[n].Count} rewards and member 0 has {rewards[0].Count}; all need as many, and one at least.", nameof(rewards));
            foreach (double reward in rewards[n]) Finite(reward, n);
        }
        return Move(rewards);
    }

    /// <summary>Makes the updates of earlier rewards again, which takes no evaluation: this brings a new strategy to where another one was.</summary>
    /// <param name="rewards">[iterations][N], as they were told.</param>
    /// <exception cref="ArgumentException">As <see cref="Tell(ReadOnlySpan{double})"/>.</exception>
    public void Replay(IEnumerable<IReadOnlyList<double>> rewards)
    {
        foreach (IReadOnlyList<double> iteration in rewards)
        {
            Ask();
            Tell([.. iteration]);
        }
    }

    /// <summary>Writes the vector as it is.</summary>
    /// <param name="destination">As long as the vector.</param>
    /// <exception cref="ArgumentException">The length is another one.</exception>
    public void CopyTo(Span<float> destination)
    {
        RequireLength(destination);
        foreach (var (tensor, offset) in _parts) tensor.Span.CopyTo(destination[offset..]);
    }

    /// <summary>The vector as it is, in a new array.</summary>
    public float[] ToArray()
    {
        float[] values = new float[Length];
        CopyTo(values);
        return values;
    }

    /// <summary>The cheap checksum of the vector, that of a model with the same tensors: to compare a replayed strategy with what it was.</summary>
    public ulong Checksum() => WeightsDigest.Checksum(_weights);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _team.Dispose();
        _update.Dispose();
        _weights.Dispose();
    }

    internal void Write(int iteration, int member, Span<float> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_asked || iteration != Iteration + 1)
            throw new InvalidOperationException($"The candidate is of iteration {iteration}, whose rewards were told; ask for new ones.");
        RequireLength(destination);
        foreach (var (tensor, offset) in _parts)
        {
            Span<float> to = destination.Slice(offset, (int)tensor.Length);
            if (tensor.Frozen) tensor.Span.CopyTo(to);
            else VectorNoise.Write(tensor, _members[member], _sigma, to);
        }
    }

    private bool Move(IReadOnlyList<IReadOnlyList<double>> rewards)
    {
        float[]? z = RewardShaping.Of(Settings.Shaping, rewards);
        _asked = false;
        Iteration++;
        if (z is null) return false;
        _update.Apply(EvolutionLoop.Step(_members, z, Settings.LearningRateAt(Iteration), Settings.Update), _team);
        return true;
    }

    private void Require(int count)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_asked) throw new InvalidOperationException("Rewards are told once for the candidates that were asked for; call Ask first.");
        if (count != _members.Length) throw new ArgumentException($"There are rewards for {count} members, and the population has {_members.Length}.", nameof(count));
    }

    private void RequireLength(ReadOnlySpan<float> destination)
    {
        if (destination.Length != Length) throw new ArgumentException($"The destination has room for {destination.Length} values, and the vector has {Length}.", nameof(destination));
    }

    private static double Finite(double reward, int member) =>
        double.IsFinite(reward) ? reward : throw new ArgumentException($"The reward of member {member} is not a finite number ({reward}).", nameof(reward));
}
