using System.Globalization;

namespace Evolute.Cli.Bench;

/// <summary>The model in a report.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Family">Its family.</param>
/// <param name="Parameters">Weights, tied ones counted once.</param>
/// <param name="RandomWeights">Whether it is a shape with random weights.</param>
/// <param name="Packed">What its working copies' matrices are held in.</param>
/// <param name="Seats">Members that the engine evaluates side by side.</param>
internal sealed record MeasuredModel(string Name, string Family, long Parameters, bool RandomWeights, string Packed, int Seats);

/// <summary>All that a run of the measurements found; written as JSON by its names.</summary>
/// <param name="Machine">What they were taken on.</param>
/// <param name="PeakGflops">Float32 peak, 10⁹ operations a second.</param>
/// <param name="ReadGbs">Read bandwidth of memory, 10⁹ bytes a second.</param>
/// <param name="Model">What they were taken of, if anything but the machine was measured.</param>
/// <param name="Rows">The stages.</param>
/// <param name="Against">The comparison with another program.</param>
internal sealed record BenchReport(
    MachineDescription Machine, double PeakGflops, double ReadGbs, MeasuredModel? Model, IReadOnlyList<BenchRow> Rows, PeerComparison? Against)
{
    /// <summary>The report for people.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine(Invariant($"{Machine.Cpu}, {Machine.Cores} cores, {Machine.Threads} threads, {Machine.VectorLanes} lanes, .NET {Machine.Dotnet}, evolute {Machine.Version}{(Machine.Commit is { } commit ? $" ({commit[..Math.Min(10, commit.Length)]})" : "")}"));
        output.WriteLine(Invariant($"peak {PeakGflops:F1} GFLOP/s in float32 multiply-adds of {Machine.PeakLanes} lanes, {ReadGbs:F1} GB/s reading memory"));
        if (Model is not null)
            output.WriteLine(Invariant($"{Model.Name}: {Model.Family}, {Model.Parameters:N0} parameters{(Model.RandomWeights ? ", random weights" : "")}, packed as {Model.Packed}, {Model.Seats} {(Model.Seats == 1 ? "member" : "members")} at a time"));
        if (Rows.Count > 0) WriteRows(output);
        if (Against is not null)
            output.WriteLine(Invariant($"{Against.Stage}, batch {Against.Batch}: {Figure(Against.OursTokensPerS)} tokens/s, {Figure(Against.TheirsTokensPerS)} of {Against.Command}; ratio {Against.Ratio:F3} ({Against.RatioLow:F3}–{Against.RatioHigh:F3})"));
    }

    private void WriteRows(TextWriter output)
    {
        output.WriteLine();
        TextTable table = new("stage", "batch", "seconds", "spread", "tokens/s", "GFLOP/s", "GB/s", "ns/normal", "limit", "of limit", "of peak by parameters");
        foreach (BenchRow row in Rows)
            table.Add(
                row.Stage, Invariant($"{row.Batch}"), Figure(row.Seconds), Percent(row.Spread), Figure(row.TokensPerS), Figure(row.Gflops), Figure(row.Gbs), Figure(row.NsPerNormalPerCore),
                row.Limit switch { "compute" => Invariant($"compute {row.PeakGflops:F1}"), "memory" => Invariant($"memory {row.ReadGbs:F1}"), _ => "" }, Percent(row.ShareOfLimit), Percent(row.ShareOfPeakByParameters));
        table.Write(output);
    }

    /// <summary>Three digits that count, or all before the point.</summary>
    private static string Figure(double? value) => value is not { } v ? "" : v switch
    {
        >= 100 => v.ToString("F0", CultureInfo.InvariantCulture),
        >= 10 => v.ToString("F1", CultureInfo.InvariantCulture),
        >= 1 => v.ToString("F2", CultureInfo.InvariantCulture),
        _ => v.ToString("G3", CultureInfo.InvariantCulture),
    };

    private static string Percent(double? share) => share is { } s ? Invariant($"{100 * s:F1} %") : "";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
