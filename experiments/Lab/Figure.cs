using Evolute.Runs;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace Evolute.Lab;

/// <summary>A series of a figure.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="X">Across.</param>
/// <param name="Y">Up.</param>
/// <param name="IsTheory">Drawn dashed and without marks.</param>
internal sealed record Series(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, bool IsTheory = false);

/// <summary>Draws lines into a PNG.</summary>
internal static class Figure
{
    private const int Width = 1000, Height = 620, MostMarked = 20;

    private static readonly Color[] Colors = [.. new[] { "#2563EB", "#D97706", "#059669", "#DC2626", "#7C3AED", "#0891B2", "#4B5563", "#DB2777" }.Select(Color.FromHex)];

    /// <summary>Writes the picture.</summary>
    /// <param name="path">The file.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="across">The label of x.</param>
    /// <param name="up">The label of y.</param>
    /// <param name="series">The lines.</param>
    /// <param name="logarithmicX">Whether x is drawn by its logarithm.</param>
    public static void Write(string path, string title, string across, string up, IReadOnlyList<Series> series, bool logarithmicX = false)
    {
        BundledFont.Register();
        using Plot plot = new();
        plot.Font.Set(BundledFont.Name);
        plot.ScaleFactor = 1.3;
        for (int i = 0; i < series.Count; i++)
        {
            double[] x = [.. series[i].X.Select(v => logarithmicX ? Math.Log10(v) : v)];
            Scatter line = plot.Add.Scatter(x, series[i].Y.ToArray(), Colors[i % Colors.Length]);
            line.LegendText = series[i].Name;
            line.LineWidth = 2;
            line.LinePattern = series[i].IsTheory ? LinePattern.Dashed : LinePattern.Solid;
            line.MarkerSize = series[i].IsTheory || x.Length > MostMarked ? 0 : 6;
        }
        if (logarithmicX)
            plot.Axes.Bottom.TickGenerator = new NumericAutomatic
            {
                IntegerTicksOnly = true,
                LabelFormatter = v => Math.Pow(10, v).ToString("0.######", System.Globalization.CultureInfo.InvariantCulture),
            };
        plot.Title(title);
        plot.XLabel(across);
        plot.YLabel(up);
        plot.Axes.Margins(0.03, 0.08);
        plot.ShowLegend(Edge.Right);
        plot.Legend.ShadowColor = ScottPlot.Colors.Transparent;
        plot.Legend.OutlineWidth = 0;
        plot.SavePng(path, Width, Height);
    }
}
