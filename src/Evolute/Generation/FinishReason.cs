namespace Evolute.Generation;

/// <summary>Why a sequence ended.</summary>
public enum FinishReason
{
    /// <summary>An end token or a stop string.</summary>
    Stop,

    /// <summary>The limit of new tokens, or of repeats (<see cref="GenerationSettings.StopLoops"/>).</summary>
    Length,
}
