using Evolute.Hosting;
using Evolute.Models;
using Evolute.Rewards;
using Evolute.Runs;
using Evolute.Tests.Rewards;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Evolute.Tests.Hosting;

public class EvoluteServicesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_with_bad_options_does_not_start_and_says_why()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddEvolute(o => o.Evolution = new() { Population = 1 });
        using IHost host = builder.Build();
        OptionsValidationException e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Stop));
        Assert.Equal("--population must be at least 2, since rewards are compared within it; it is 1.", e.Message);
        Assert.Contains("There is no task 'countdwn'", Assert.Throws<OptionsValidationException>(() => Trainer(o => o.Task = "countdwn")).Message);
        Assert.Equal("Two rewards are called 'own'; give each a name of its own.", Assert.Throws<OptionsValidationException>(() => Trainer(o => o.Rewards = [new("own", Reward.From(c => 1))])).Message);
        Assert.Contains("no/model", Assert.Throws<OptionsValidationException>(() => Trainer(o => o.Model = "/no/model")).Message);
    }

    [Fact]
    public void Rewards_of_the_services_train_the_model_and_an_interrupted_run_goes_on_to_the_same_bits()
    {
        using TempFolder temp = new();
        EvolutionTrainer whole = Trainer(Options(temp["whole"], 3));
        Assert.Equal(["own", nameof(ConstantReward)], whole.Rewards.Select(r => r.Name));
        RunSummary expected = whole.Train(stop: Stop);
        using CancellationTokenSource stop = new();
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer(Options(temp["parts"], 3)).Train(new Interrupting(stop), stop.Token));
        RunSummary resumed = Trainer(Options(temp["parts"], 3)).Train(stop: Stop);
        Assert.Equal(expected.WeightsSha256, resumed.WeightsSha256);
        Assert.Contains("was begun with other settings", Assert.Throws<EvoluteInputException>(() => Trainer(o =>
        {
            Options(temp["parts"], 3)(o);
            o.EvalProblems = 9;
        }).Train(stop: Stop)).Message);
    }

    [Fact]
    public async Task A_model_answers_as_a_chat_client_whole_and_streamed()
    {
        ServiceCollection services = new();
        services.AddEvoluteChatClient(BundledModel.Locate(), 1);
        await using ServiceProvider provider = services.BuildServiceProvider();
        IChatClient client = provider.GetRequiredService<IChatClient>();
        ChatOptions options = new() { MaxOutputTokens = 60 };
        ChatMessage[] asked = [new(ChatRole.User, "Numbers: 3 7 25. Target: 46.\n")];
        ChatResponse answer = await client.GetResponseAsync(asked, options, Stop);
        Assert.Contains("<answer>", answer.Text);
        Assert.Equal((ChatFinishReason.Stop, answer.Usage!.InputTokenCount + answer.Usage.OutputTokenCount), (answer.FinishReason!.Value, answer.Usage.TotalTokenCount));
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(asked, options, Stop)) updates.Add(update);
        ChatResponse streamed = updates.ToChatResponse();
        Assert.Equal((answer.Text, answer.FinishReason, answer.Usage.OutputTokenCount), (streamed.Text, streamed.FinishReason, streamed.Usage!.OutputTokenCount));
        Assert.InRange(updates.Count, 3, 100);
        Assert.Equal(ChatFinishReason.Length, (await client.GetResponseAsync(asked, new() { MaxOutputTokens = 3 }, Stop)).FinishReason);
        ChatResponse cut = await client.GetResponseAsync(asked, new() { MaxOutputTokens = 60, StopSequences = ["answer"] }, Stop);
        Assert.EndsWith("<", cut.Text);
        ChatOptions drawn = new() { MaxOutputTokens = 40, Temperature = 1.5f, Seed = 5 };
        Assert.Equal((await client.GetResponseAsync(asked, drawn, Stop)).Text, (await client.GetResponseAsync(asked, drawn, Stop)).Text);
        await Assert.ThrowsAsync<NotSupportedException>(() => client.GetResponseAsync(asked, new() { PresencePenalty = 1 }, Stop));
        using CancellationTokenSource canceled = new();
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetResponseAsync(asked, options, canceled.Token));
        Assert.Equal(BundledModel.Name, client.GetService<ChatClientMetadata>()!.DefaultModelId);
    }

    private static Action<EvolutionTrainer> Options(string output, int iterations) => o =>
    {
        o.Output = output;
        o.EvalProblems = 8;
        o.Evolution = new() { Population = 4, Prompts = 4, TrainProblems = 16, Iterations = iterations, MaxNewTokens = 24, Sigma = 0.03, LearningRate = 0.01 };
    };

    private static EvolutionTrainer Trainer(Action<EvolutionTrainer> configure)
    {
        ServiceCollection services = new();
        services.AddSingleton(new WeightedReward("own", Reward.From(c => c.Text.Length)));
        services.AddSingleton<IReward, ConstantReward>();
        services.AddEvolute(configure);
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider.GetRequiredService<EvolutionTrainer>();
    }

    private sealed class Interrupting(CancellationTokenSource stop) : TrainingObserver
    {
        public override void Completed(Evolute.Evolution.IterationResult iteration) => stop.Cancel();
    }
}
