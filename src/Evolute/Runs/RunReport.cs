using System.Globalization;
using System.Net;
using System.Text;
using Evolute.Models;

namespace Evolute.Runs;

/// <summary>The report of one or several runs: one HTML file that holds its pictures and needs no network, and the pictures beside it.</summary>
public static class RunReport
{
    /// <summary>The page's name in its folder.</summary>
    public const string PageName = "report.html";

    private const string Style =
        "body{font:15px/1.5 system-ui,sans-serif;max-width:1100px;margin:2em auto;padding:0 1em;color:#1f2937}table{border-collapse:collapse;margin:1em 0}th,td{border-bottom:1px solid #e5e7eb;padding:.3em .8em;text-align:left;vertical-align:top}"
        + "img{max-width:100%}pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0;font-size:13px}summary{cursor:pointer}";

    /// <summary>Writes page and pictures.</summary>
    /// <param name="folder">Where to; made if it is not there.</param>
    /// <param name="runs">The runs, at least one.</param>
    /// <returns>The files written, the page first.</returns>
    /// <exception cref="EvoluteFaultException">The disk is full or refuses.</exception>
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<ReportedRun> runs)
    {
        (string Name, string Title, byte[] Png)[] pictures = [.. Pictures(runs)];
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            throw WriteFault.Of(folder, e);
        }
        List<string> files = [Path.Combine(folder, PageName)];
        foreach ((string name, _, byte[] png) in pictures)
        {
            files.Add(Path.Combine(folder, name));
            DurableFile.Replace(files[^1], file => file.Write(png));
        }
        byte[] page = Encoding.UTF8.GetBytes(Page(runs, pictures));
        DurableFile.Replace(files[0], file => file.Write(page));
        return files;
    }

    /// <summary>The settings in which runs differ: name, and each run's text or null where it has none.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<string?> Values)> Differences(IReadOnlyList<ReportedRun> runs)
    {
        IReadOnlyDictionary<string, string>[] texts = [.. runs.Select(r => r.SettingTexts())];
        return [.. texts.SelectMany(t => t.Keys).Distinct().Order(StringComparer.Ordinal)
            .Select(name => (name, (IReadOnlyList<string?>)[.. texts.Select(t => t.GetValueOrDefault(name))]))
            .Where(s => s.Item2.Distinct().Count() > 1)];
    }

    private static IEnumerable<(string Name, string Title, byte[] Png)> Pictures(IReadOnlyList<ReportedRun> runs)
    {
        (string Word, string Label, Func<ReportedPoint, double?> X)[] axes =
            [("iteration", "Iteration", p => p.Iteration), ("evaluations", "Evaluations (answers asked for)", p => p.Evaluations), ("seconds", "Seconds of iterations", p => p.Seconds)];
        (string Word, string Label, Func<ReportedPoint, double?> Y)[] values =
            [("reward", "Mean reward of the population", p => p.RewardMean), ("accuracy", "Accuracy (validation, else test)", p => p.ValidationAccuracy ?? p.TestAccuracy)];
        foreach (var value in values)
            foreach (var axis in axes)
            {
                ReportSeries[] series = [.. runs.Select(r => new ReportSeries(r.Name, [.. r.Points.Where(p => axis.X(p) is not null && value.Y(p) is not null).Select(p => (axis.X(p)!.Value, value.Y(p)!.Value))]))];
                if (series.Any(s => s.Points.Count > 1)) yield return ($"{value.Word}-{axis.Word}.png", $"{value.Label} by {axis.Label.ToLowerInvariant()}", ReportCurves.Png(axis.Label, value.Label, series));
            }
        ReportSeries[] drift = [.. runs.Select(r => new ReportSeries(r.Name, [.. r.Drift.Select(d => ((double)d.Iteration, d.Kl))]))];
        if (drift.Any(s => s.Points.Count > 0)) yield return ("kl-iteration.png", "KL to the base by iteration", ReportCurves.Png("Iteration", "KL in nats a token", drift));
    }

    private static string Page(IReadOnlyList<ReportedRun> runs, IReadOnlyList<(string Name, string Title, byte[] Png)> pictures)
    {
        StringBuilder page = new();
        page.Append($"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Evolute report</title><style>{Style}</style></head><body>\n<h1>Evolute report</h1>\n");
        page.Append(CultureInfo.InvariantCulture, $"<h2>Results</h2>\n<p>{Escaped(ReportTable.Legend)}</p>\n");
        Table(page, ReportTable.Headers, runs.Select(r => (IEnumerable<string?>)ReportTable.Row(r)));
        if (runs.Count > 1)
        {
            page.Append("<h2>Settings that differ</h2>\n");
            Table(page, ["setting", .. runs.Select(r => r.Name)], Differences(runs).Select(d => (IEnumerable<string?>)[d.Name, .. d.Values]));
        }
        page.Append("<h2>Curves</h2>\n");
        foreach ((_, string title, byte[] png) in pictures)
            page.Append(CultureInfo.InvariantCulture, $"<h3>{Escaped(title)}</h3>\n<img alt=\"{Escaped(title)}\" src=\"data:image/png;base64,{Convert.ToBase64String(png)}\">\n");
        foreach (ReportedRun run in runs) Samples(page, run);
        page.Append("<h2>All settings</h2>\n");
        foreach (ReportedRun run in runs)
        {
            page.Append(CultureInfo.InvariantCulture, $"<details><summary>{Escaped(run.Name)}</summary>\n");
            Table(page, ["setting", "value"], run.SettingTexts().Select(s => (IEnumerable<string?>)[s.Key, s.Value]));
            page.Append("</details>\n");
        }
        return page.Append("</body></html>\n").ToString();
    }

    private static void Samples(StringBuilder page, ReportedRun run)
    {
        IReadOnlyList<SampleRow> samples = SampleRow.Read(run.Folder);
        if (samples.Count == 0) return;
        page.Append(CultureInfo.InvariantCulture, $"<h2>Samples of {Escaped(run.Name)}</h2>\n<details><summary>{samples.Count} responses</summary>\n");
        Table(page, ["problem", "iteration", "reward", "response"], samples.Select(s => (IEnumerable<string?>)[s.Id, ReportTable.Text(s.Iteration), ReportTable.Text(s.Reward), s.Prompt + s.Response]), preformatted: true);
        page.Append("</details>\n");
    }

    private static void Table(StringBuilder page, IEnumerable<string> headers, IEnumerable<IEnumerable<string?>> rows, bool preformatted = false)
    {
        page.Append("<table><tr>").AppendJoin("", headers.Select(h => $"<th>{Escaped(h)}</th>")).Append("</tr>\n");
        foreach (IEnumerable<string?> row in rows)
            page.Append("<tr>").AppendJoin("", row.Select(c => preformatted ? $"<td><pre>{Escaped(c ?? "")}</pre></td>" : $"<td>{Escaped(c ?? "")}</td>")).Append("</tr>\n");
        page.Append("</table>\n");
    }

    // Names, settings and responses may hold anything; control characters are not allowed in HTML.
    private static string Escaped(string text) => WebUtility.HtmlEncode(string.Concat(text.Select(c => char.IsControl(c) && c is not '\n' and not '\t' ? '\uFFFD' : c)));
}
