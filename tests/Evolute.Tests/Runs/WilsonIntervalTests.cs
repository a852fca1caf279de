using Evolute.Runs;

namespace Evolute.Tests.Runs;

public class WilsonIntervalTests
{
    // Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662), InlineData(15, 148, 0.0624, 0.1605), InlineData(0, 20, 0, 0.1611), InlineData(1, 29, 0.0061, 0.1718)]
    public void Agrees_with_published_intervals(int successes, int count, double low, double high)
    {
        WilsonInterval interval = WilsonInterval.Of(successes, count);
        Assert.Equal(low, interval.Low, 5e-5);
        Assert.Equal(high, interval.High, 5e-5);
    }
}
