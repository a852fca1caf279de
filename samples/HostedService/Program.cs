using Evolute.Hosting;
using Evolute.Rewards;
using HostedService;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// A service that tunes the bundled model in the background, then answers with the tuned one.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSingleton<IReward, BriefReward>();
builder.Services.AddEvolute(options =>
{
    options.TaskWeight = 1;
    options.EvalProblems = 100;
    options.Evolution = new() { Population = 16, Sigma = 0.01, LearningRate = 0.003, Prompts = 32, Iterations = builder.Configuration["iterations"] is { } n ? int.Parse(n) : 10, MaxNewTokens = 80 };
});
builder.Services.AddHostedService<TuningService>();
builder.Build().Run();
