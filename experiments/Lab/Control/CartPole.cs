namespace Evolute.Lab.Control;

/// <summary>
/// CartPole-v1: a pole on a cart that is pushed left or right by 10 N (Barto, Sutton and Anderson, 1983), Euler steps of 0.02 s. A reward of 1 a step; over beyond 2.4 m or 12°.
/// State: position, velocity, angle, angular velocity.
/// </summary>
internal sealed class CartPole : ControlTask
{
    private const double Gravity = 9.8, PoleMass = 0.1, TotalMass = 1.1, HalfLength = 0.5, PoleMassLength = PoleMass * HalfLength, Force = 10, Time = 0.02;
    private const double PositionLimit = 2.4, AngleLimit = 12 * 2 * Math.PI / 360;

    /// <inheritdoc/>
    public override string Name => "CartPole-v1";

    /// <inheritdoc/>
    public override int StepLimit => 500;

    /// <inheritdoc/>
    public override double Solved => 475;

    /// <inheritdoc/>
    public override int Observations => 4;

    /// <inheritdoc/>
    public override int Outputs => 2;

    /// <inheritdoc/>
    public override void Reset(ReadOnlySpan<double> uniforms) => SetState([.. uniforms.ToArray().Select(u => 0.1 * u - 0.05)]);

    /// <summary>Puts the cart into a state.</summary>
    public void SetState(params double[] state) => State = state;

    /// <inheritdoc/>
    public override void Observe(Span<double> observation)
    {
        observation[0] = State[0] / PositionLimit;
        observation[1] = State[1];
        observation[2] = State[2] / AngleLimit;
        observation[3] = State[3];
    }

    /// <inheritdoc/>
    public override (double Reward, bool Over) Step(ReadOnlySpan<double> outputs)
    {
        double force = Greatest(outputs) == 1 ? Force : -Force;
        double angle = State[2], spin = State[3];
        (double sin, double cos) = Math.SinCos(angle);
        double push = (force + PoleMassLength * spin * spin * sin) / TotalMass;
        double angular = (Gravity * sin - cos * push) / (HalfLength * (4.0 / 3 - PoleMass * cos * cos / TotalMass));
        double linear = push - PoleMassLength * angular * cos / TotalMass;
        State[0] += Time * State[1];
        State[1] += Time * linear;
        State[2] += Time * State[3];
        State[3] += Time * angular;
        return (1, Math.Abs(State[0]) > PositionLimit || Math.Abs(State[2]) > AngleLimit);
    }
}
