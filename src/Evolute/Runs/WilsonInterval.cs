namespace Evolute.Runs;

/// <summary>The 95 % interval of a share by Wilson's score (1927).</summary>
/// <param name="Low">Lower end, 0..1.</param>
/// <param name="High">Upper end, 0..1.</param>
public readonly record struct WilsonInterval(double Low, double High)
{
    private const double Z = 1.959963984540054;

    /// <summary>Of <paramref name="successes"/> in <paramref name="count"/> trials; 0 to 1 where there were none.</summary>
    public static WilsonInterval Of(int successes, int count)
    {
        if (count == 0) return new(0, 1);
        double share = (double)successes / count, z2 = Z * Z;
        double centre = (share + z2 / (2 * count)) / (1 + z2 / count);
        double half = Z / (1 + z2 / count) * Math.Sqrt(share * (1 - share) / count + z2 / (4.0 * count * count));
        return new(Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
