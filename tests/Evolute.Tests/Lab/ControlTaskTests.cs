using Evolute.Lab.Control;

namespace Evolute.Tests.Lab;

/// <summary>The control tasks beside figures that were worked out apart from their code.</summary>
public class ControlTaskTests
{
    private static readonly double[] Left = [1, 0], Right = [0, 1];

    /// <summary>
    /// From rest upright a push to the right: the pole's acceleration is −(F/M)/(l·(4/3 − m/M)) = −(10/1.1)/(0.5·(4/3 − 0.1/1.1)) = −14.6341…, the cart's
    /// F/M − m·l·a/M = 9.0909… + 0.05·14.6341…/1.1 = 9.7561…; places move one step later.
    /// </summary>
    [Fact]
    public void A_cart_moves_by_Eulers_steps()
    {
        CartPole cart = new();
        cart.SetState(0, 0, 0, 0);
        Assert.Equal((1, false), cart.Step(Right));
        double angular = -(10 / 1.1) / (0.5 * (4 / 3.0 - 0.1 / 1.1)), linear = 10 / 1.1 - 0.05 * angular / 1.1;
        AssertNear([0, 0.02 * linear, 0, 0.02 * angular], cart.State);
        Assert.Equal(0.195122, cart.State[1], 1e-6);
        Assert.Equal(-0.292683, cart.State[3], 1e-6);
        cart.Step(Left);
        Assert.Equal(0.02 * 0.02 * linear, cart.State[0], 1e-12);
        Assert.Equal(0.02 * 0.02 * angular, cart.State[2], 1e-12);
    }

    [Theory]
    [InlineData(2.41, 0, true)]
    [InlineData(2.39, 0, false)]
    [InlineData(-2.41, 0, true)]
    [InlineData(0, 0.2095, true)]
    [InlineData(0, 0.2094, false)]
    [InlineData(0, -0.2095, true)]
    public void A_cart_is_lost_beyond_its_limits(double position, double angle, bool over)
    {
        CartPole cart = new();
        cart.SetState(position, 0, angle, 0);
        Assert.Equal(over, cart.Step(Right).Over);
    }

    [Fact]
    public void Mirrored_carts_mirror_each_other()
    {
        CartPole one = new(), other = new();
        one.SetState(0.1, -0.2, 0.03, 0.4);
        other.SetState(-0.1, 0.2, -0.03, -0.4);
        for (int i = 0; i < 20; i++)
        {
            one.Step(i % 3 == 0 ? Left : Right);
            other.Step(i % 3 == 0 ? Right : Left);
        }
        AssertNear([.. one.State.Select(s => -s)], other.State);
    }

    /// <summary>Kinetic and potential energy of two rods, from positions and velocities of their centres.</summary>
    [Fact]
    public void An_acrobot_without_torque_keeps_its_energy()
    {
        double[] state = [1.2, -0.7, 0.5, -1.1];
        double before = Energy(state);
        for (int i = 0; i < 2000; i++) state = Acrobot.Integrate(state, 0, 0.005);
        Assert.Equal(before, Energy(state), 1e-6);

        static double Energy(double[] s)
        {
            double spin = s[2] + s[3];
            double x = Math.Cos(s[0]) * s[2] + 0.5 * Math.Cos(s[0] + s[1]) * spin, y = Math.Sin(s[0]) * s[2] + 0.5 * Math.Sin(s[0] + s[1]) * spin;
            double kinetic = 0.5 * (0.25 * s[2] * s[2] + x * x + y * y + s[2] * s[2] + spin * spin);
            return kinetic - 9.8 * (0.5 * Math.Cos(s[0]) + Math.Cos(s[0]) + 0.5 * Math.Cos(s[0] + s[1]));
        }
    }

    [Fact]
    public void A_hanging_acrobot_stays_and_a_raised_one_is_done()
    {
        Acrobot acrobot = new();
        acrobot.SetState(0, 0, 0, 0);
        Assert.Equal((-1, false), acrobot.Step([0, 1, 0]));
        AssertNear([0, 0, 0, 0], acrobot.State);
        acrobot.SetState(Math.PI, 0, 0, 0);
        Assert.Equal((0, true), acrobot.Step([0, 1, 0]));
        acrobot.SetState(0, 0, 100, -100);
        acrobot.Step([0, 1, 0]);
        Assert.InRange(acrobot.State[2], -4 * Math.PI, 4 * Math.PI);
        Assert.InRange(acrobot.State[3], -9 * Math.PI, 9 * Math.PI);
    }

    /// <summary>From rest at 90° without torque: ω = 3·10/2·0.05 = 0.75, θ = π/2 + 0.0375, and the cost is (π/2)².</summary>
    [Fact]
    public void A_pendulum_falls_by_semi_implicit_steps()
    {
        Pendulum pendulum = new();
        pendulum.SetState(Math.PI / 2, 0);
        (double reward, bool over) = pendulum.Step([0]);
        Assert.Equal(-Math.PI * Math.PI / 4, reward, 1e-12);
        Assert.False(over);
        AssertNear([Math.PI / 2 + 0.0375, 0.75], pendulum.State);
        pendulum.SetState(2 * Math.PI + 0.1, 7.9);
        // The angle counts within a turn, the torque at most 2, and the speed at most 8.
        Assert.Equal(-(0.01 + 0.1 * 7.9 * 7.9 + 0.004), pendulum.Step([5]).Reward, 1e-12);
        Assert.Equal(8, pendulum.State[1]);
    }

    [Fact]
    public void Episodes_end_at_the_limit()
    {
        Policy still = new(new float[Policy.Tensors(3, 1).Sum(t => t.Length)], 3, 1);
        Assert.Equal(200, new Pendulum().Episode(still, default).Steps);
        Policy first = new(new float[Policy.Tensors(6, 3).Sum(t => t.Length)], 6, 3);
        Assert.Equal((-500, 500), new Acrobot().Episode(first, default));
    }

    [Fact]
    public void A_training_is_the_same_with_any_threads()
    {
        ControlOutcome[] outcomes = [.. new[] { 1, 3 }.Select(threads => ControlTraining.Run(new("short", () => new CartPole(), ControlRecipe.Common with { Iterations = 5 }, 2), 3, threads))];
        Assert.Equal(outcomes[0].Curve, outcomes[1].Curve);
        Assert.Equal(outcomes[0].Steps, outcomes[1].Steps);
        Assert.Equal(outcomes[0].Confirmed, outcomes[1].Confirmed);
        Assert.True(outcomes[0].Curve[^1].Return > outcomes[0].Curve[0].Return);
    }

    /// <summary>With weights that are no mirror images of each other: the plain policy's torque does not change its sign, the odd one's does, to the last bit.</summary>
    [Fact]
    public void An_odd_policy_mirrors_a_swing()
    {
        float[] weights = [.. Enumerable.Range(0, Policy.Tensors(3, 1).Sum(t => (int)t.Length)).Select(i => (float)Math.Sin(1 + i * i))];
        Pendulum one = new(), other = new();
        Policy odd = new(weights, 3, 1, one.MirroredObservations), plain = new(weights, 3, 1);
        one.SetState(2.5, -0.4);
        other.SetState(-2.5, 0.4);
        Assert.NotEqual(Torque(plain, one), -Torque(plain, other));
        for (int i = 0; i < 200; i++)
        {
            double torque = Torque(odd, one);
            Assert.NotEqual(0, torque);
            Assert.Equal(torque, -Torque(odd, other));
            one.Step([torque]);
            other.Step([-torque]);
            Assert.Equal(one.State, other.State.Select(s => -s));
        }
        one.SetState(Math.PI / 2, 0);
        Assert.Equal((Outputs([0, 1, 0]) - Outputs([0, -1, 0])) / 2, Torque(odd, one), 1e-12);

        double Outputs(double[] observation)
        {
            double[] output = new double[1];
            plain.Decide(observation, output);
            return output[0];
        }

        static double Torque(Policy policy, Pendulum pendulum)
        {
            double[] observation = new double[3], output = new double[1];
            pendulum.Observe(observation);
            policy.Decide(observation, output);
            return output[0];
        }
    }

    /// <summary>One of the seeds that the settings were tuned on, none of which took more than 60 iterations; 150 leave room for another machine's tanh.</summary>
    [Fact]
    public void A_pendulum_is_swung_up_and_held()
    {
        ControlRecipe tuned = ControlRecipe.TunedPendulum;
        ControlOutcome outcome = ControlTraining.Run(tuned with { Settings = tuned.Settings with { Iterations = 150 } }, 101, 2);
        Assert.True(outcome.Solved);
        Assert.True(outcome.Curve[0].Return < -1000);
        Assert.InRange(outcome.Curve[^1].Return, -200, -100);
        Assert.InRange(outcome.Confirmed!.Value, -200, -100);
        Assert.InRange(outcome.Passed!.Value, 1, outcome.Episodes);
        Assert.Equal(200 * outcome.Episodes, outcome.Steps);
        Assert.Equal(outcome.Passed, outcome.Curve.First(c => c.Return >= -200).Episodes);
    }

    [Fact]
    public void A_training_that_does_not_get_there_says_so()
    {
        ControlOutcome outcome = ControlTraining.Run(new("short", () => new Pendulum(), ControlRecipe.Common with { Iterations = 2 }, 1), 1, 2);
        Assert.Equal((null, false, 64, 12800, null), (outcome.Passed, outcome.Solved, outcome.Episodes, outcome.Steps, outcome.Confirmed));
        Assert.Equal([0, 32, 64], outcome.Curve.Select(c => c.Episodes));
    }

    private static void AssertNear(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-9);
    }
}
