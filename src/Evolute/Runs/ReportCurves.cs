using ScottPlot;
using ScottPlot.Plottables;

namespace Evolute.Runs;

/// <summary>One line of a picture.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Points">x and y.</param>
public sealed record ReportSeries(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Draws the curves of several runs over one axis.</summary>
public static class ReportCurves
{
    private const int Width = 1400, Height = 700, MostMarked = 60;
    private const double Scale = 1.6;

    private static readonly string[] Hues = ["#2563EB", "#D97706", "#059669", "#DC2626", "#7C3AED", "#0891B2", "#DB2777", "#4D7C0F"];

    /// <summary>The picture as PNG.</summary>
    /// <param name="xLabel">What stands along the horizontal axis.</param>
    /// <param name="yLabel">What stands along the vertical one.</param>
    /// <param name="series">The lines; empty ones are left out.</param>
    public static byte[] Png(string xLabel, string yLabel, IReadOnlyList<ReportSeries> series)
    {
        BundledFont.Register();
        using Plot plot = new();
        plot.ScaleFactor = Scale;
        for (int i = 0; i < series.Count; i++)
        {
            (double X, double Y)[] points = [.. series[i].Points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y))];
            if (points.Length == 0) continue;
            Scatter line = plot.Add.Scatter(points.Select(p => p.X).ToArray(), points.Select(p => p.Y).ToArray(), Color.FromHex(Hues[i % Hues.Length]));
            line.LegendText = series[i].Name;
            line.LineWidth = 2;
            if (points.Length > MostMarked) line.MarkerShape = MarkerShape.None;
        }
        plot.Font.Set(BundledFont.Name);
        plot.XLabel(xLabel);
        plot.YLabel(yLabel);
        plot.ShowLegend(Alignment.LowerRight);
        return plot.GetImage(Width, Height).GetImageBytes(ImageFormat.Png);
    }
}
