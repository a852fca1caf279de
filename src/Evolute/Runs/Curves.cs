using System.Globalization;
using Evolute.Models;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Evolute.Runs;

/// <summary>Draws a run's curves: rewards over the population, and below them accuracy where it was evaluated and KL to the base where it was measured.</summary>
internal static class Curves
{
    private const int Width = 1600, PlotHeight = 540, Margin = 20;
    /// <summary>Pixels for one unit of the sizes below: sharp on dense screens, readable on others.</summary>
    private const double Scale = 1.8;
    private const float LabelSize = 12, TitleSize = 15, MarkerSize = 7;
    /// <summary>Both plots have the same left panel, so that their iterations stand under each other.</summary>
    private const float LeftPanel = 64, RightPanel = 18;
    /// <summary>Room above and below the curves as shares of their range; the legend stands in the upper.</summary>
    private const double Headroom = 0.24, Footroom = 0.06;
    /// <summary>Letters of the title that fit the width.</summary>
    private const int TitleLength = 90;
    /// <summary>Above this many points a mark on each would hide the line.</summary>
    private const int MostMarked = 60;

    private static readonly Color Blue = Color.FromHex("#2563EB"), PaleBlue = Color.FromHex("#93B4F5");
    private static readonly Color Green = Color.FromHex("#059669"), Orange = Color.FromHex("#D97706");
    private static readonly Color Ink = Color.FromHex("#1F2937"), Frame = Color.FromHex("#9CA3AF"), Faint = Color.FromHex("#E9EBEF");

    /// <summary>Writes the picture as a PNG, in one step.</summary>
    /// <param name="path">The file.</param>
    /// <param name="points">In order of their iterations.</param>
    /// <param name="title">What the picture shows, e.g. the run's name.</param>
    /// <exception cref="EvoluteFaultException">The disk is full or refuses.</exception>
    public static void Write(string path, IReadOnlyList<CurvePoint> points, string title)
    {
        BundledFont.Register();
        bool evaluated = points.Any(p => p.TestAccuracy is not null || p.ValidationAccuracy is not null);
        using Plot rewards = new(), accuracy = new(), divergence = new();
        Plot[] plots = [rewards, .. evaluated ? [accuracy] : (Plot[])[], .. points.Any(p => p.Kl is not null) ? [divergence] : (Plot[])[]];
        DrawRewards(rewards, points);
        DrawAccuracy(accuracy, points);
        DrawDivergence(divergence, points);
        foreach (Plot plot in plots) Style(plot, points);
        rewards.Title(title.Length <= TitleLength ? title : string.Concat(title.AsSpan(0, TitleLength), "…"), TitleSize);
        plots[^1].XLabel("Iteration", LabelSize);
        using SKData png = Png(plots);
        DurableFile.Replace(path, png.SaveTo);
    }

    /// <summary>The plots under each other, with a margin around.</summary>
    private static SKData Png(Plot[] plots)
    {
        using SKSurface surface = SKSurface.Create(new SKImageInfo(Width, PlotHeight * plots.Length + 2 * Margin));
        surface.Canvas.Clear(SKColors.White);
        for (int i = 0; i < plots.Length; i++)
        {
            using Image image = plots[i].GetImage(Width - 2 * Margin, PlotHeight);
            using SKImage picture = SKImage.FromEncodedData(image.GetImageBytes(ImageFormat.Png));
            surface.Canvas.DrawImage(picture, Margin, Margin + i * PlotHeight);
        }
        using SKImage whole = surface.Snapshot();
        return whole.Encode(SKEncodedImageFormat.Png, quality: 100);
    }

    private static void DrawRewards(Plot plot, IReadOnlyList<CurvePoint> points)
    {
        AddSeries(plot, points, p => p.RewardMean, "Mean of the population", Blue, MarkerShape.None);
        AddSeries(plot, points, p => p.RewardBest, "Best of the population", PaleBlue, MarkerShape.None);
        plot.YLabel("Reward", LabelSize);
        SetLimits(plot, [.. points.SelectMany(p => (double?[])[p.RewardMean, p.RewardBest]).OfType<double>()], fromZero: false);
        plot.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = y => y.ToString("0.####", CultureInfo.InvariantCulture) };
    }

    private static void DrawAccuracy(Plot plot, IReadOnlyList<CurvePoint> points)
    {
        AddSeries(plot, points, p => p.ValidationAccuracy, "Validation split", Orange, MarkerShape.OpenCircle);
        AddSeries(plot, points, p => p.TestAccuracy, "Test split", Green, MarkerShape.FilledSquare);
        plot.YLabel("Accuracy", LabelSize);
        SetLimits(plot, [.. points.SelectMany(p => (double?[])[p.ValidationAccuracy, p.TestAccuracy]).OfType<double>()], fromZero: true);
        plot.Axes.Left.TickGenerator = new NumericAutomatic
        {
            // The legend's headroom may reach above 100 %, where no accuracy is.
            LabelFormatter = y => y is < -1e-9 or > 1 + 1e-9 ? "" : (100 * y).ToString("0.##", CultureInfo.InvariantCulture) + " %",
        };
    }

    private static void DrawDivergence(Plot plot, IReadOnlyList<CurvePoint> points)
    {
        AddSeries(plot, points, p => p.Kl, "KL to the base", Orange, MarkerShape.OpenCircle);
        plot.YLabel("Nats a token", LabelSize);
        SetLimits(plot, [.. points.Select(p => p.Kl).OfType<double>()], fromZero: true);
        plot.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = y => y < -1e-12 ? "" : y.ToString("0.######", CultureInfo.InvariantCulture) };
    }

    private static void AddSeries(Plot plot, IReadOnlyList<CurvePoint> points, Func<CurvePoint, double?> value, string name, Color color, MarkerShape marker)
    {
        CurvePoint[] measured = [.. points.Where(p => value(p) is { } y && double.IsFinite(y))];
        if (measured.Length == 0) return;
        Scatter line = plot.Add.Scatter(measured.Select(p => (double)p.Iteration).ToArray(), measured.Select(p => value(p)!.Value).ToArray(), color);
        line.LegendText = name;
        line.LineWidth = 2;
        line.MarkerLineWidth = 2;
        line.MarkerSize = MarkerSize;
        // A single point has no line to be seen by.
        line.MarkerShape = measured.Length == 1 && marker == MarkerShape.None ? MarkerShape.FilledCircle
            : measured.Length > MostMarked ? MarkerShape.None
            : marker;
    }

    private static void SetLimits(Plot plot, double[] values, bool fromZero)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        double low = fromZero ? 0 : finite.DefaultIfEmpty(0).Min(), high = finite.DefaultIfEmpty(1).Max();
        // A flat curve gets a range around it, and one at zero a range at all.
        double range = high > low ? high - low : Math.Max(Math.Abs(high), 0.1);
        plot.Axes.SetLimitsY(fromZero ? -Footroom / 2 * range : low - Footroom * range, high + Headroom * range);
    }

    private static void Style(Plot plot, IReadOnlyList<CurvePoint> points)
    {
        plot.ScaleFactor = Scale;
        plot.Font.Set(BundledFont.Name);
        plot.Axes.Color(Frame);
        plot.Axes.Title.Label.ForeColor = Ink;
        // The typeface's digits stand high in their line; this brings them level with the ticks.
        plot.Axes.Left.TickLabelStyle.OffsetY = 1.5f;
        foreach (IAxis axis in (IAxis[])[plot.Axes.Left, plot.Axes.Bottom])
        {
            axis.Label.ForeColor = Ink;
            axis.TickLabelStyle.ForeColor = Ink;
            axis.TickLabelStyle.FontSize = LabelSize - 1;
            axis.MinorTickStyle.Length = 0;
        }
        plot.Axes.Top.FrameLineStyle.IsVisible = false;
        plot.Axes.Right.FrameLineStyle.IsVisible = false;
        plot.Axes.Left.MinimumSize = plot.Axes.Left.MaximumSize = LeftPanel;
        plot.Axes.Right.MinimumSize = RightPanel;
        plot.Grid.MajorLineColor = Faint;

        int first = points.Count == 0 ? 0 : points[0].Iteration, last = points.Count == 0 ? 1 : points[^1].Iteration;
        double margin = Math.Max(0.5, 0.02 * (last - first));
        plot.Axes.SetLimitsX(first - margin, last + margin);
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { IntegerTicksOnly = true };

        plot.ShowLegend(Alignment.UpperLeft, Orientation.Horizontal);
        plot.Legend.FontSize = LabelSize;
        plot.Legend.FontColor = Ink;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.BackgroundColor = Colors.Transparent;
    }
}
