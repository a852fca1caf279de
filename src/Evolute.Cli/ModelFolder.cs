using Evolute.Models;
using Evolute.Models.Hub;

namespace Evolute.Cli;

/// <summary>The folder that <c>--model</c> means.</summary>
/// <param name="Path">The folder.</param>
/// <param name="HubModel">Where it is of the hub, which model at which commit.</param>
internal sealed record ModelFolder(string Path, HubModelId? HubModel = null)
{
    /// <summary>The folder; the bundled model's where nothing is named, and a model of the hub is fetched.</summary>
    /// <param name="call">The call.</param>
    /// <param name="model">What is named.</param>
    /// <param name="flag">The flag that names it, for sentences.</param>
    /// <exception cref="EvoluteInputException">There is no such folder and no such model.</exception>
    /// <exception cref="EvoluteFaultException">A model of the hub cannot be fetched.</exception>
    public static ModelFolder Find(VerbCall call, string? model, string flag = "--model")
    {
        if (model is null) return new(BundledModel.Locate());
        if (Directory.Exists(model)) return new(model);
        if (!HubModelId.TryParse(model, out HubModelId? id)) throw new EvoluteInputException($"{flag}: there is no folder {Quoted.Text(model)}; name a model's folder in Hugging Face layout, or a model of the hub as ORG/NAME.");
        try
        {
            return Fetch(call, id);
        }
        catch (EvoluteInputException e)
        {
            throw new EvoluteInputException($"{flag}: there is no folder {Quoted.Text(model)}, and as a model of the hub: {e.Message}", e);
        }
    }

    /// <summary>The folder's path; see <see cref="Find"/>.</summary>
    public static string Of(VerbCall call, string? model) => Find(call, model).Path;

    /// <summary>Brings a model of the hub into the cache, or finds it there.</summary>
    public static ModelFolder Fetch(VerbCall call, HubModelId id)
    {
        using HubDownload download = new(HubSettings.FromEnvironment(), id, call.Streams.Error.WriteLine);
        HubPlan plan = download.Plan(call.Cancellation);
        if (plan.Bytes > 0)
            Progress.Run(call.Streams, $"Fetching {id}", "MiB", ByteProgress.Total(plan.Bytes), progress =>
            {
                ByteProgress bytes = new(progress);
                download.Fetch(plan, (file, more) => bytes.Advance(more, file), call.Cancellation);
            });
        return new(plan.Folder, plan.Id);
    }
}
