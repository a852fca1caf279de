using Evolute.Models;
using Evolute.Models.Hub;
using Evolute.Tasks.Data;

namespace Evolute.Cli;

/// <summary>The file, the shards or the folder that <c>--dataset</c> means.</summary>
internal static class DatasetFile
{
    /// <summary>Its path in full, since a run may be resumed from another folder; a dataset of the hub is fetched.</summary>
    /// <param name="call">The call.</param>
    /// <param name="named">What is named.</param>
    /// <param name="flag">The flag that names it, for sentences.</param>
    /// <exception cref="EvoluteInputException">There is no such file and no such dataset.</exception>
    /// <exception cref="EvoluteFaultException">A dataset of the hub cannot be fetched.</exception>
    public static string Find(VerbCall call, string named, string flag)
    {
        if (File.Exists(named) || Directory.Exists(named)) return Path.GetFullPath(named);
        if (FileSet.IsPattern(named) && FileSet.OnDisk(Path.GetFullPath(named)).Count > 0) return Path.GetFullPath(named);
        // data/mine.jsonl looks like a dataset of the hub, and is a file that is not there.
        if (!HubDatasetId.TryParse(named, out HubDatasetId? id) || (id.File is null && DatasetRows.IsData(named)))
            throw new EvoluteInputException($"{flag}: there is no file {Quoted.Text(named)}.");
        try
        {
            return Fetch(call, id);
        }
        catch (EvoluteInputException e)
        {
            throw new EvoluteInputException($"{flag}: there is no file {Quoted.Text(named)}, and as a dataset of the hub: {e.Message}", e);
        }
    }

    private static string Fetch(VerbCall call, HubDatasetId id)
    {
        using HubDatasetDownload download = new(HubSettings.FromEnvironment(), id, DatasetRows.IsData, call.Streams.Error.WriteLine);
        HubDatasetPlan plan = download.Plan(call.Cancellation);
        if (plan.Bytes > 0)
            Progress.Run(call.Streams, $"Fetching {id}", "MiB", ByteProgress.Total(plan.Bytes), progress =>
            {
                ByteProgress bytes = new(progress);
                download.Fetch(plan, more => bytes.Advance(more, id.File ?? Path.GetFileName(plan.Path)), call.Cancellation);
            });
        else download.Fetch(plan, _ => { }, call.Cancellation);
        return Path.GetFullPath(plan.Path);
    }
}
