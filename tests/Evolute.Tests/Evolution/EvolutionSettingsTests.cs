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
    };

    [Theory, MemberData(nameof(Bad))]
    public void A_setting_out_of_range_is_named(EvolutionSettings settings, string named) =>
        Assert.Contains(named, Assert.Throws<EvoluteInputException>(settings.Validate).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(LearningRateSchedule.Constant, 1.0, 1.0), InlineData(LearningRateSchedule.Linear, 0.55, 0.1), InlineData(LearningRateSchedule.Cosine, 0.55, 0.1)]
    public void A_schedule_goes_from_the_rate_to_its_floor(LearningRateSchedule schedule, double middle, double end)
    {
        EvolutionSettings settings = new() { LearningRate = 1, Iterations = 101, Schedule = schedule };
        Assert.Equal(1, settings.LearningRateAt(1), 1e-12);
        Assert.Equal(middle, settings.LearningRateAt(51), 1e-12);
        Assert.Equal(end, settings.LearningRateAt(101), 1e-12);
    }
}
