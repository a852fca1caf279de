using System.CommandLine;
using System.Globalization;
using Evolute.Cli.Flags;
using Evolute.Runs;

namespace Evolute.Cli.Verbs;

/// <summary>Shows one or several runs: a page with curves, a table, or the samples.</summary>
internal sealed class ReportVerb : Verb
{
    private readonly Argument<string[]> _runs = new("RUN") { Description = "folders of runs", Arity = ArgumentArity.OneOrMore };
    private readonly Flag<string?> _output;
    private readonly Flag<bool> _samples, _json;

    public ReportVerb() : base("report", "Show one or several runs: report.html with curves and settings that differ, a table of results, or their samples.")
    {
        Command.Add(_runs);
        _output = Add(FlagKinds.Text("output", "the report's folder (default: 'report' in the first run's folder)", "DIR"));
        _samples = Add(FlagKinds.Switch("samples", "print what the runs answered to the same prompts over time, and write no page"));
        _json = Add(CommonFlags.Json());
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["evolute report runs/countdown-1", "evolute report runs/plain runs/anchored --output runs/comparison", "evolute report runs/countdown-1 --samples"];

    /// <inheritdoc/>
    public override int Run(VerbCall call)
    {
        string[] folders = call.Parsed.GetRequiredValue(_runs);
        if (call.Get(_samples))
            return call.Get(_output) is null ? Samples(call, folders) : throw new EvoluteInputException($"{_output.Display} is the page's folder, and {_samples.Display} writes none; leave one of the two out.");
        ReportedRun[] runs = [.. folders.Select(ReportedRun.Read)];
        // Runs of the same name in different folders go by their paths.
        if (runs.Select(r => r.Name).Distinct().Count() < runs.Length) runs = [.. runs.Select(r => r with { Name = r.Folder })];
        IReadOnlyList<string> files = RunReport.Write(call.Get(_output) ?? Path.Combine(folders[0], "report"), runs);
        if (call.Get(_json)) call.WriteJson(new { Runs = runs.Select(Fields), Differences = RunReport.Differences(runs).Select(d => new { d.Name, d.Values }), Files = files });
        else
        {
            TextTable table = new([.. ReportTable.Headers]);
            foreach (ReportedRun run in runs) table.Add([.. ReportTable.Row(run).Select(PrintableText.Of)]);
            table.Write(call.Out);
            call.Out.WriteLine(ReportTable.Legend);
            if (runs.Length > 1) WriteDifferences(call.Out, runs);
            call.Out.WriteLine(files[0]);
        }
        return ExitCode.Done;
    }

    private static void WriteDifferences(TextWriter output, ReportedRun[] runs)
    {
        IReadOnlyList<(string Name, IReadOnlyList<string?> Values)> differences = RunReport.Differences(runs);
        output.WriteLine();
        if (differences.Count == 0)
        {
            output.WriteLine("The runs have the same settings.");
            return;
        }
        TextTable table = new(["setting", .. runs.Select(r => PrintableText.Of(r.Name))]);
        foreach ((string name, IReadOnlyList<string?> values) in differences) table.Add([name, .. values.Select(v => OneLine(v ?? ReportTable.Absent))]);
        table.Write(output, lastToTheRight: false);
    }

    private static object Fields(ReportedRun run) => new
    {
        Run = run.Folder,
        run.Finished,
        Base = run.Base is { } b ? EvaluationJson.Of(b, run.Settings.Task) : null,
        Final = run.Final is { } f ? EvaluationJson.Of(f, run.Settings.Task) : null,
        Iterations = run.Points[^1].Iteration,
        run.Evaluations,
        Seconds = run.WallClockSeconds,
        run.Points,
        run.Drift,
    };

    private int Samples(VerbCall call, string[] folders)
    {
        List<(string Run, IReadOnlyList<SampleRow> Rows)> runs = [];
        foreach (string folder in folders)
        {
            // A folder that is no run is told from a run without samples.
            ReportedRun.Read(folder);
            runs.Add((folder, SampleRow.Read(folder)));
        }
        if (call.Get(_json))
        {
            call.WriteJson(new { Runs = runs.Select(r => new { r.Run, Samples = r.Rows }) });
            return ExitCode.Done;
        }
        foreach ((string run, IReadOnlyList<SampleRow> rows) in runs)
        {
            call.Out.WriteLine(PrintableText.Of(rows.Count == 0 ? $"{run} has no samples." : run));
            foreach (IGrouping<string, SampleRow> problem in rows.GroupBy(r => r.Id)) Write(call.Out, problem.Key, [.. problem]);
        }
        return ExitCode.Done;
    }

    private static void Write(TextWriter output, string id, IReadOnlyList<SampleRow> rows)
    {
        output.WriteLine();
        output.WriteLine(PrintableText.Of($"{id}: {OneLine(rows[0].Prompt)}"));
        TextTable table = new("iteration", "reward", "parts", "tokens", "response");
        foreach (SampleRow row in rows)
            table.Add(
                row.Iteration.ToString(CultureInfo.InvariantCulture), Number(row.Reward), string.Join(", ", row.Parts.Select(p => $"{PrintableText.Of(p.Key)} {Number(p.Value)}")),
                row.Tokens.ToString(CultureInfo.InvariantCulture), OneLine(row.Response));
        table.Write(output, lastToTheRight: false);
    }

    private static string OneLine(string text) => PrintableText.Of(text.Replace("\n", "⏎", StringComparison.Ordinal).Replace('\t', ' '));

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
