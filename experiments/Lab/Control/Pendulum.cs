namespace Evolute.Lab.Control;

/// <summary>
/// Pendulum-v1: a rod of 1 m and 1 kg under 10 m/s², a torque of at most 2 N·m, steps of 0.05 s with the speed first (semi-implicit Euler). The reward is
/// −(θ² + 0.1·θ̇² + 0.001·u²) before the step with θ from −π to π, 0 upright; no end but the step limit. State: angle and angular velocity.
/// </summary>
internal sealed class Pendulum : ControlTask
{
    private const double Gravity = 10, MostTorque = 2, MostSpeed = 8, Time = 0.05;

    /// <inheritdoc/>
    public override string Name => "Pendulum-v1";

    /// <inheritdoc/>
    public override int StepLimit => 200;

    /// <summary>The task has no official threshold; from about −200 on policies swing up and hold.</summary>
    public override double Solved => -200;

    /// <inheritdoc/>
    public override int Observations => 3;

    /// <inheritdoc/>
    public override int Outputs => 1;

    /// <summary>The angle's sine and the speed.</summary>
    public override int[] MirroredObservations { get; } = [1, 2];

    /// <inheritdoc/>
    public override void Reset(ReadOnlySpan<double> uniforms) => SetState(Math.PI * (2 * uniforms[0] - 1), 2 * uniforms[1] - 1);

    /// <summary>Puts the rod into a state.</summary>
    public void SetState(params double[] state) => State = state;

    /// <inheritdoc/>
    public override void Observe(Span<double> observation)
    {
        (observation[1], observation[0]) = Math.SinCos(State[0]);
        observation[2] = State[1] / MostSpeed;
    }

    /// <inheritdoc/>
    public override (double Reward, bool Over) Step(ReadOnlySpan<double> outputs)
    {
        double torque = MostTorque * Math.Clamp(outputs[0], -1, 1), angle = Math.IEEERemainder(State[0], 2 * Math.PI);
        double cost = angle * angle + 0.1 * State[1] * State[1] + 0.001 * torque * torque;
        State[1] = Math.Clamp(State[1] + (1.5 * Gravity * Math.Sin(State[0]) + 3 * torque) * Time, -MostSpeed, MostSpeed);
        State[0] += State[1] * Time;
        return (-cost, false);
    }
}
