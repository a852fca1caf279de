using ScottPlot;
using SkiaSharp;

namespace Evolute.Runs;

/// <summary>Draws text with the typeface inside this assembly, so that pictures have labels on machines without fonts.</summary>
internal sealed class BundledFont : IFontResolver
{
    /// <summary>The name to give to plots.</summary>
    public const string Name = "Evolute DejaVu Sans";

    private static readonly Lazy<bool> Registration = new(() =>
    {
        Fonts.FontResolvers.Insert(0, new BundledFont());
        return true;
    });

    /// <summary>Makes <see cref="Name"/> known to plots of this process.</summary>
    public static void Register() => _ = Registration.Value;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
        CreateTypeface(fontName, FontWeight.Normal, FontSlant.Upright, FontSpacing.Normal);

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing)
    {
        if (fontName != Name) return null;
        using Stream stream = typeof(BundledFont).Assembly.GetManifestResourceStream("Evolute.Runs.Fonts.DejaVuSans.ttf")!;
        using SKData data = SKData.Create(stream);
        return SKTypeface.FromData(data);
    }
}
