namespace Evolute.Lab.Control;

/// <summary>
/// Acrobot-v1: two links of 1 m and 1 kg, a torque of −1, 0 or 1 N·m between them, by the equations of Sutton and Barto's book; one Runge–Kutta step of fourth order a step
/// of 0.2 s. A reward of −1 a step and 0 for the last, once the end is 1 m above the pivot. State: both angles (0 hangs down) and their velocities.
/// </summary>
internal sealed class Acrobot : ControlTask
{
    private const double Gravity = 9.8, Centre = 0.5, Inertia = 1, Time = 0.2;
    private const double Speed1Limit = 4 * Math.PI, Speed2Limit = 9 * Math.PI;

    /// <inheritdoc/>
    public override string Name => "Acrobot-v1";

    /// <inheritdoc/>
    public override int StepLimit => 500;

    /// <inheritdoc/>
    public override double Solved => -100;

    /// <inheritdoc/>
    public override int Observations => 6;

    /// <inheritdoc/>
    public override int Outputs => 3;

    /// <inheritdoc/>
    public override void Reset(ReadOnlySpan<double> uniforms) => SetState([.. uniforms.ToArray().Select(u => 0.2 * u - 0.1)]);

    /// <summary>Puts the links into a state.</summary>
    public void SetState(params double[] state) => State = state;

    /// <inheritdoc/>
    public override void Observe(Span<double> observation)
    {
        (observation[1], observation[0]) = Math.SinCos(State[0]);
        (observation[3], observation[2]) = Math.SinCos(State[1]);
        observation[4] = State[2] / Speed1Limit;
        observation[5] = State[3] / Speed2Limit;
    }

    /// <inheritdoc/>
    public override (double Reward, bool Over) Step(ReadOnlySpan<double> outputs)
    {
        State = Integrate(State, Greatest(outputs) - 1, Time);
        State[0] = Math.IEEERemainder(State[0], 2 * Math.PI);
        State[1] = Math.IEEERemainder(State[1], 2 * Math.PI);
        State[2] = Math.Clamp(State[2], -Speed1Limit, Speed1Limit);
        State[3] = Math.Clamp(State[3], -Speed2Limit, Speed2Limit);
        bool over = -Math.Cos(State[0]) - Math.Cos(State[0] + State[1]) > 1;
        return (over ? 0 : -1, over);
    }

    /// <summary>One Runge–Kutta step of fourth order.</summary>
    public static double[] Integrate(double[] state, double torque, double time)
    {
        double[] k1 = Slopes(state, torque), k2 = Slopes(Ahead(k1, time / 2), torque), k3 = Slopes(Ahead(k2, time / 2), torque), k4 = Slopes(Ahead(k3, time), torque);
        return [.. state.Select((s, i) => s + time / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]))];

        double[] Ahead(double[] slopes, double by) => [state[0] + by * slopes[0], state[1] + by * slopes[1], state[2] + by * slopes[2], state[3] + by * slopes[3]];
    }

    private static double[] Slopes(double[] s, double torque)
    {
        (double sin2, double cos2) = Math.SinCos(s[1]);
        double d1 = Centre * Centre + 1 + Centre * Centre + 2 * Centre * cos2 + 2 * Inertia;
        double d2 = Centre * Centre + Centre * cos2 + Inertia;
        double phi2 = Centre * Gravity * Math.Sin(s[0] + s[1]);
        double phi1 = -Centre * s[3] * s[3] * sin2 - 2 * Centre * s[3] * s[2] * sin2 + (Centre + 1) * Gravity * Math.Sin(s[0]) + phi2;
        double a2 = (torque + d2 / d1 * phi1 - Centre * s[2] * s[2] * sin2 - phi2) / (Centre * Centre + Inertia - d2 * d2 / d1);
        return [s[2], s[3], -(d2 * a2 + phi1) / d1, a2];
    }
}
