namespace Evolute.Generation;

/// <summary>Whether tokens are drafted from what was answered to the same prompt before; a matter of speed that never changes a token.</summary>
public enum Speculation
{
    /// <summary>Where measured times and acceptance say that it pays.</summary>
    Auto,

    /// <summary>Wherever there is something to draft from and room in the step.</summary>
    On,

    /// <summary>Never.</summary>
    Off,
}
