namespace Evolute.Models;

/// <summary>Caps on the sizes in config.json: far above any model, far below what overflows.</summary>
internal static class ConfigLimits
{
    public const int Vocabulary = 1 << 24;
    public const int Width = 1 << 20;
    public const int Layers = 1 << 12;
    public const int Heads = 1 << 12;
    public const int HeadSize = 1 << 12;
    public const int Positions = 1 << 24;
    public const int Experts = 1 << 10;
    public const int RelativeBuckets = 1 << 16;
}
