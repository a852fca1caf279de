using Evolute.Cli;

namespace Evolute.Tests.Cli;

public class ProgressTests
{
    [Fact]
    public void Lines_come_every_ten_seconds_and_at_the_end()
    {
        using StringWriter output = new();
        SteppedClock clock = new();
        LineProgress progress = new(output, "Training", "iterations", 100, clock);
        for (int i = 0; i < 100; i++)
        {
            clock.Seconds += 0.5;
            progress.Advance(status: i == 99 ? "reward 0.41" : "");
        }
        Assert.Equal(
            [
                "Training: 20 of 100 iterations, 2.0 a second, 40 s left", "Training: 40 of 100 iterations, 2.0 a second, 30 s left",
                "Training: 60 of 100 iterations, 2.0 a second, 20 s left", "Training: 80 of 100 iterations, 2.0 a second, 10 s left",
                "Training: 100 of 100 iterations, 2.0 a second, reward 0.41",
            ],
            output.ToString().TrimEnd().Split(Environment.NewLine));
    }

    [Theory]
    [InlineData(0.2, "1 s")]
    [InlineData(60, "1 min 0 s")]
    [InlineData(3_725, "1 h 2 min")]
    public void Durations_are_for_people(double seconds, string text) => Assert.Equal(text, Progress.Duration(seconds));

    private sealed class SteppedClock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }
}
