using Evolute.Evolution;
using Evolute.Hosting;
using Evolute.Runs;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HostedService;

/// <summary>Trains once, asks the result a question, and ends the host. When the host is stopped, so is the training; its journal stays whole.</summary>
internal sealed partial class TuningService(EvolutionTrainer trainer, IHostApplicationLifetime host, ILogger<TuningService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        RunSummary run = await Task.Run(() => trainer.Train(new Progress(logger), stoppingToken), stoppingToken);
        using IChatClient client = ModelChatClient.Load(Path.Combine(run.Folder, "final"));
        ChatResponse answer = await client.GetResponseAsync("Numbers: 3 7 25. Target: 46.\n", new() { MaxOutputTokens = 80 }, stoppingToken);
        Answered(logger, answer.Text, answer.Usage!.OutputTokenCount ?? 0);
        host.StopApplication();
    }

    [LoggerMessage(LogLevel.Information, "The tuned model says: {Answer} ({Tokens} tokens)")]
    private static partial void Answered(ILogger logger, string answer, long tokens);

    private sealed partial class Progress(ILogger logger) : TrainingObserver
    {
        public override void Completed(IterationResult iteration) => Done(logger, iteration.Iteration, iteration.Members.Average(m => m.Reward));

        public override void Note(string sentence) => Noted(logger, sentence);

        [LoggerMessage(LogLevel.Information, "Iteration {Iteration}: mean reward {Reward:F3}")]
        private static partial void Done(ILogger logger, int iteration, double reward);

        [LoggerMessage(LogLevel.Warning, "{Sentence}")]
        private static partial void Noted(ILogger logger, string sentence);
    }
}
