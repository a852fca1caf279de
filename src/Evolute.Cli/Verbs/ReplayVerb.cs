using System.CommandLine;
using Evolute.Cli.Flags;
using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Models;
using Evolute.Runs;

namespace Evolute.Cli.Verbs;

/// <summary>Rebuilds a run's weights from the base model and the journal.</summary>
internal sealed class ReplayVerb : Verb
{
    private readonly Argument<string> _run;
    private readonly Flag<string?> _model, _output;
    private readonly Flag<int> _threads;
    private readonly Flag<bool> _json;

    public ReplayVerb() : base("replay", "Rebuild a run's weights from base model and journal, verify every checksum, and print their SHA-256.")
    {
        _run = AddArgument("RUN", "the run's folder");
        _model = Add(FlagKinds.Text("model", "the base model's folder, or a model of the hub (default: the one in the run's settings)", "DIR|ORG/NAME"));
        _output = Add(FlagKinds.Text("output", "write the weights to a model folder, as float32", "DIR"));
        _threads = Add(CommonFlags.Threads());
        _json = Add(CommonFlags.Json());
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["evolute replay runs/countdown-1", "evolute replay runs/countdown-1 --output rebuilt"];

    /// <inheritdoc/>
    public override int Run(VerbCall call)
    {
        string run = call.Parsed.GetRequiredValue(_run);
        string? output = call.Get(_output);
        if (output is not null && Path.Exists(output)) throw new EvoluteInputException($"{output}: --output exists already; choose another folder.");
        string? model = call.Get(_model) is { } named ? ModelFolder.Of(call, named) : null;
        int threads = call.Get(_threads);
        var (engine, iteration, sha256) = Replay.Run(run, model, (spec, weights) => new CpuEngine(spec, weights, threads), stop: call.Cancellation);
        using (engine) if (output is not null) Write(run, output, model, engine, iteration);
        if (call.Get(_json)) call.WriteJson(new { Run = run, Iterations = iteration, WeightsSha256 = sha256 });
        else call.Out.WriteLine($"{sha256}  after {iteration} iterations; every checksum of the journal holds");
        return ExitCode.Done;
    }

    private static void Write(string run, string output, string? model, IEngine engine, int iteration)
    {
        ModelDirectory source = model is null ? RunSettings.Read(run).OpenModel() : ModelDirectory.Open(model);
        ModelWriter.Write(output, source, engine.Weights, $"# Weights of iteration {iteration}\n\nRebuilt by Evolute from the base model and a run's journal.\n", new ModelWriteSettings { StoredType = StoredType.F32 });
    }
}
