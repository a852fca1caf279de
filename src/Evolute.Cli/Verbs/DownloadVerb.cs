using System.CommandLine;
using Evolute.Cli.Flags;
using Evolute.Models.Hub;

namespace Evolute.Cli.Verbs;

/// <summary>Fetches a model of the hub.</summary>
internal sealed class DownloadVerb : Verb
{
    private readonly Argument<string> _model;
    private readonly Flag<bool> _json;

    public DownloadVerb() : base("download", "Fetch a model of the hub into the cache that its tools share, and print its folder. HF_TOKEN, HF_ENDPOINT, HF_HOME and HF_HUB_OFFLINE are heeded.")
    {
        _model = AddArgument("ORG/NAME[@REVISION]", "the model; a branch, tag or commit may follow");
        _json = Add(CommonFlags.Json());
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["evolute download Qwen/Qwen2.5-0.5B-Instruct", "evolute download Qwen/Qwen2.5-0.5B-Instruct@main --json"];

    /// <inheritdoc/>
    public override int Run(VerbCall call)
    {
        HubModelId id = HubModelId.Parse(call.Parsed.GetRequiredValue(_model));
        ModelFolder folder = ModelFolder.Fetch(call, id);
        if (call.Get(_json)) call.WriteJson(new { Model = id.Repository, id.Revision, Commit = folder.HubModel!.Revision, Folder = folder.Path });
        else call.Out.WriteLine(folder.Path);
        return ExitCode.Done;
    }
}
