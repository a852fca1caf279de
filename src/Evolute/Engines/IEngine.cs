using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Engines;

/// <summary>
/// A device that holds a model's master weights and runs perturbed copies of it. An engine has one or more seats; each evaluates one member at a
/// time, or several whose noise allows it, and different seats may be used from different threads at once. Nothing above this interface knows a device.
/// </summary>
public interface IEngine : IDisposable
{
    /// <summary>The model.</summary>
    ModelSpec Spec { get; }

    /// <summary>The float32 masters; evaluation never changes them.</summary>
    WeightTable Weights { get; }

    /// <summary>How many members can be evaluated side by side.</summary>
    int Seats { get; }

    /// <summary>How many sequences on a seat keep it busy without leaving its caches; a matter of speed only.</summary>
    int SuitableSlots { get; }

    /// <summary>
    /// Makes room on every seat for <paramref name="slots"/> sequences of up to <paramref name="positions"/> tokens and steps of up to
    /// <paramref name="rows"/> rows, and for a model with an encoder for inputs of up to <paramref name="inputs"/> tokens. What sequences were in flight is forgotten if anything had to grow.
    /// </summary>
    /// <exception cref="EvoluteFaultException">There is not enough memory.</exception>
    void Reserve(int slots, int positions, int rows, int inputs = 0);

    /// <summary>Runs <paramref name="body"/> once for every seat, each on its own thread, and returns when all are done.</summary>
    void RunSeats(Action<int> body);

    /// <summary>Prepares the seat for one member: masters + σ·sign·ε, or the masters themselves for no perturbation and for frozen tensors.</summary>
    /// <param name="seat">The seat.</param>
    /// <param name="perturbation">The member.</param>
    /// <param name="sigma">σ.</param>
    /// <param name="place">
    /// The member's place among those that share the seat; rows name it (<see cref="StepBatch.Members"/>), and their results are those that they have where the member is alone. The members in the other places stay,
    /// as long as neither <paramref name="places"/>, the kind of noise nor the masters change.
    /// </param>
    /// <param name="places">How many places there are; at most <see cref="MembersTogether"/>.</param>
    void Prepare(int seat, Perturbation? perturbation, float sigma, int place = 0, int places = 1);

    /// <summary>
    /// How many members with such noise a seat can hold at once, so that one step mixes their rows. Where it is more than 1, members share the packed masters, and each
    /// row adds its own member's noise in passing.
    /// </summary>
    int MembersTogether(NoiseKind noise);

    /// <summary>Runs the rows of <paramref name="batch"/> through the seat's working weights and fills in the outputs asked for.</summary>
    void Step(int seat, StepBatch batch);

    /// <summary>
    /// Moves the masters by Σ zₙ εₙ: in float32, per element one chain of fused multiply-adds over the members in order from 0, and then the step's rule;
    /// without more, one into the master, θ = fma(α/N, sum, θ). Frozen tensors stay. Members that follow each other with the same noise, mirrored pairs, are one link of the
    /// chain: its coefficient is their signed coefficients' sum in float32, z₂ⱼ − z₂ⱼ₊₁. With low-rank noise the links of a matrix are products of factors, in order of members and then
    /// ranks; in a subspace each part's sum is divided by its own members' number. The engine keeps what the rule needs between updates: moments,
    /// which begin at 0, and for an anchor the weights that it has at the first update, which must be the base's.
    /// </summary>
    void ApplyUpdate(WeightStep step);

    /// <summary>The cheap fingerprint of the masters that the journal records (<see cref="WeightsDigest.Checksum"/>).</summary>
    ulong Checksum();
}
