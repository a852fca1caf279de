using Evolute.Numerics;

namespace Evolute.Evolution;

/// <summary>
/// How the learning rate or σ goes down over the iterations; a constant learning rate drifts once the reward has peaked, since the noise of the steps stays.
/// </summary>
public enum Schedule
{
    /// <summary>The same throughout, as in the paper.</summary>
    Constant,

    /// <summary>Straight down to a tenth at the last iteration.</summary>
    Linear,

    /// <summary>Down to a tenth along half a cosine.</summary>
    Cosine,
}

/// <summary>The values of <see cref="Schedule"/>.</summary>
internal static class Schedules
{
    private const double Floor = 0.1;

    /// <summary>The value of one iteration, counted from 1: straight up to <paramref name="peak"/> at the last iteration of the warm-up, then as scheduled.</summary>
    public static double At(this Schedule schedule, double peak, int iteration, int iterations, int warmup = 0)
    {
        if (iteration < warmup) return peak * iteration / warmup;
        int start = Math.Max(warmup, 1);
        double progress = iterations <= start ? 0 : (double)(iteration - start) / (iterations - start);
        return schedule switch
        {
            Schedule.Linear => peak * (1 - (1 - Floor) * progress),
            Schedule.Cosine => peak * (Floor + (1 - Floor) * (1 + PortableMath.SinCos(Math.PI * progress).Cos) / 2),
            _ => peak,
        };
    }
}
