using Evolute.Rewards;
using Evolute.Runs;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Evolute.Hosting;

/// <summary>Evolute's services of a host.</summary>
public static class EvoluteServices
{
    /// <summary>
    /// Adds an <see cref="EvolutionTrainer"/>, whose settings are checked when the host starts; its rewards are those that it is given, and every <see cref="WeightedReward"/> and
    /// <see cref="IReward"/> among the services; the latter are called by their type's name.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets the trainer's properties.</param>
    public static IServiceCollection AddEvolute(this IServiceCollection services, Action<EvolutionTrainer>? configure = null)
    {
        OptionsBuilder<EvolutionTrainer> options = services.AddOptionsWithValidateOnStart<EvolutionTrainer>();
        if (configure is not null) options.Configure(configure);
        options.PostConfigure<IServiceProvider>((trainer, provider) => trainer.Rewards =
            [.. trainer.Rewards, .. provider.GetServices<WeightedReward>(), .. provider.GetServices<IReward>().Select(r => new WeightedReward(r.GetType().Name, r))]);
        services.AddSingleton<IValidateOptions<EvolutionTrainer>, SettingsCheck>();
        return services.AddSingleton(provider => provider.GetRequiredService<IOptions<EvolutionTrainer>>().Value);
    }

    /// <summary>Adds a model, tuned or not, as the host's <see cref="IChatClient"/>; it is loaded when it is first asked for.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="model">The model's folder, <c>RUN/final</c> say.</param>
    /// <param name="threads">Threads to use; 0 for all.</param>
    public static IServiceCollection AddEvoluteChatClient(this IServiceCollection services, string model, int threads = 0) =>
        services.AddSingleton<IChatClient>(_ => ModelChatClient.Load(model, threads));

    private sealed class SettingsCheck : IValidateOptions<EvolutionTrainer>
    {
        public ValidateOptionsResult Validate(string? name, EvolutionTrainer options)
        {
            try
            {
                options.Settings();
                return ValidateOptionsResult.Success;
            }
            catch (EvoluteInputException e)
            {
                return ValidateOptionsResult.Fail(e.Message);
            }
        }
    }
}
