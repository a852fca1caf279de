using Evolute.Numerics;

namespace Evolute.Evolution;

/// <summary>How the learning rate goes down; a constant one drifts once the reward has peaked, since the noise of the steps stays.</summary>
public enum LearningRateSchedule
{
    /// <summary>α throughout, as in the paper.</summary>
    Constant,

    /// <summary>Straight down from α to α/10 at the last iteration.</summary>
    Linear,

    /// <summary>From α to α/10 along half a cosine.</summary>
    Cosine,
}

/// <summary>The values of <see cref="LearningRateSchedule"/>.</summary>
internal static class LearningRateSchedules
{
    private const double Floor = 0.1;

    /// <summary>α of one iteration, counted from 1.</summary>
    public static double At(this LearningRateSchedule schedule, double learningRate, int iteration, int iterations)
    {
        double progress = iterations == 1 ? 0 : (double)(iteration - 1) / (iterations - 1);
        return schedule switch
        {
            LearningRateSchedule.Linear => learningRate * (1 - (1 - Floor) * progress),
            LearningRateSchedule.Cosine => learningRate * (Floor + (1 - Floor) * (1 + PortableMath.SinCos(Math.PI * progress).Cos) / 2),
            _ => learningRate,
        };
    }
}
