using Evolute.Engines;
using Evolute.Evolution;

namespace Evolute.Tests.Evolution;

public class EvolutionSettingsTests
{
    [Fact]
    public void The_defaults_are_the_paper_s()
    {
        EvolutionSettings settings = new();
        settings.Validate();
        Assert.Equal((30, 0.001, 0.0005, 500, 200, 0.0), (settings.Population, settings.Sigma, settings.LearningRate, settings.Iterations, settings.Prompts, settings.Temperature));
    }

    public static TheoryData<EvolutionSettings, string> Bad => new()
    {
        { new() { Sigma = 0 }, "--sigma" }, { new() { Sigma = -1 }, "--sigma" }, { new() { Sigma = double.NaN }, "--sigma" },
        { new() { Population = 1 }, "--population" }, { new() { LearningRate = 0 }, "--learning-rate" }, { new() { Iterations = 0 }, "--iterations" },
        { new() { Prompts = 0 }, "--prompts" }, { new() { Prompts = 201 }, "--train-problems" }, { new() { MaxNewTokens = 0 }, "--max-new-tokens" },
        { new() { Temperature = -1 }, "temperature" }, { new() { StopLoops = 1 }, "--stop-loops" }, { new() { StopLoops = -1 }, "--stop-loops" },
        { new() { Population = 5, Mirrored = true }, "--mirrored" }, { new() { Shaping = Shaping.Sign }, "--mirrored" },
        { new() { Warmup = 501 }, "--warmup" }, { new() { Warmup = -1 }, "--warmup" },
        { new() { Update = new() { Momentum = 1 } }, "--momentum" }, { new() { Update = new() { Beta2 = 1 } }, "--adam-betas" }, { new() { Update = new() { Epsilon = 0 } }, "--adam-epsilon" },
        { new() { Update = new() { WeightDecay = -1 } }, "--weight-decay" }, { new() { Update = new() { WeightDecay = 2001 } }, "--weight-decay" },
        { new() { Update = new() { Anchor = Anchor.L2 } }, "--anchor-strength" }, { new() { Update = new() { AnchorStrength = 1 } }, "--anchor l2" },
        { new() { Update = new() { Anchor = Anchor.L2, AnchorStrength = 2001 } }, "--learning-rate" }, { new() { Update = new() { Anchor = Anchor.L1, AnchorStrength = double.NaN } }, "--anchor-strength" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void A_setting_out_of_range_is_named(EvolutionSettings settings, string named) =>
        Assert.Contains(named, Assert.Throws<EvoluteInputException>(settings.Validate).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(Schedule.Constant, 1.0, 1.0), InlineData(Schedule.Linear, 0.55, 0.1), InlineData(Schedule.Cosine, 0.55, 0.1)]
    public void A_schedule_goes_from_the_rate_to_its_floor(Schedule schedule, double middle, double end)
    {
        EvolutionSettings settings = new() { LearningRate = 1, Iterations = 101, Schedule = schedule };
        Assert.Equal(1, settings.LearningRateAt(1), 1e-12);
        Assert.Equal(middle, settings.LearningRateAt(51), 1e-12);
        Assert.Equal(end, settings.LearningRateAt(101), 1e-12);
    }

    [Fact]
    public void A_warm_up_rises_to_the_rate_and_the_schedule_follows()
    {
        EvolutionSettings settings = new() { LearningRate = 1, Iterations = 110, Warmup = 10, Schedule = Schedule.Linear, Sigma = 2, SigmaSchedule = Schedule.Cosine };
        Assert.Equal([0.1, 0.5, 1.0, 0.55, 0.1], new[] { 1, 5, 10, 60, 110 }.Select(i => Math.Round(settings.LearningRateAt(i), 12)));
        Assert.Equal([2.0, 0.2], new[] { 1, 110 }.Select(i => Math.Round(settings.SigmaAt(i), 12)));
        Assert.Equal(1, new EvolutionSettings { LearningRate = 1, Iterations = 1, Warmup = 1, Schedule = Schedule.Linear }.LearningRateAt(1));
    }
}
