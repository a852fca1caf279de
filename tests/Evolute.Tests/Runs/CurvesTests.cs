using Evolute.Runs;
using SkiaSharp;

namespace Evolute.Tests.Runs;

public class CurvesTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(200, true)]
    [InlineData(2000, true)]
    public void A_picture_is_written_whatever_the_number_of_points(int count, bool evaluated)
    {
        using TempFolder temp = new();
        Curves.Write(temp["curves.png"], Points(count, evaluated), count == 2000 ? new string('M', 40) + new string('w', 500) : "countdown: SmolLM2-135M, population 30, seed 42");
        using SKBitmap picture = SKBitmap.Decode(temp["curves.png"]);
        Assert.Equal((1600, evaluated ? 1120 : 580), (picture.Width, picture.Height));
        if (Environment.GetEnvironmentVariable("EVOLUTE_KEEP_PICTURES") is { Length: > 0 } folder)
            File.Copy(temp["curves.png"], Path.Combine(folder, $"curves-{count}.png"), overwrite: true);
    }

    [Fact]
    public void Values_that_are_not_numbers_are_left_out()
    {
        using TempFolder temp = new();
        Curves.Write(temp["curves.png"], [new(0, double.NaN, null, null, null), new(1, 0.5, double.PositiveInfinity, null, null)], "x");
        Assert.True(File.Exists(temp["curves.png"]));
    }

    [Fact]
    public void The_title_is_drawn_with_the_bundled_typeface()
    {
        using TempFolder temp = new();
        Curves.Write(temp["with.png"], Points(3, false), "Reward of 30 members, σ = 0.001");
        Curves.Write(temp["without.png"], Points(3, false), " ");
        using SKBitmap with = SKBitmap.Decode(temp["with.png"]), without = SKBitmap.Decode(temp["without.png"]);
        Assert.NotEqual(Dark(with), Dark(without));
        using SKTypeface? typeface = new BundledFont().CreateTypeface(BundledFont.Name, bold: false, italic: false);
        Assert.Equal("DejaVu Sans", typeface?.FamilyName);

        static int Dark(SKBitmap picture) => picture.Pixels.Count(p => p.Red < 100 && p.Green < 100 && p.Blue < 110);
    }

    private static List<CurvePoint> Points(int count, bool evaluated)
    {
        Random random = new(3);
        List<CurvePoint> points = [];
        for (int i = 0; i < count; i++)
        {
            double trend = 0.1 + 0.55 * (1 - Math.Exp(-i / 60.0)), noise = 0.03 * (random.NextDouble() - 0.5);
            bool now = evaluated && i % 20 == 0;
            points.Add(new(i, trend + noise, Math.Min(1.1, trend + 0.12 + 2 * noise), i % 100 == 0 && now ? trend - 0.07 : null, now ? trend - 0.05 + noise : null));
        }
        return points;
    }
}
