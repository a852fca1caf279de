using System.Globalization;

namespace Evolute.Rewards;

/// <summary>What happens where a reward throws, takes too long, or gives no usable value.</summary>
/// <param name="Policy">What counts instead.</param>
/// <param name="Value">The score that counts with <see cref="FailurePolicy.Value"/>.</param>
/// <param name="Timeout">The longest that a call may take.</param>
public sealed record RewardFailures(FailurePolicy Policy = FailurePolicy.Fail, double Value = 0, TimeSpan? Timeout = null)
{
    /// <summary>The longest that a call may take where nothing else is said.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The longest that a call may take.</summary>
    public TimeSpan Limit => Timeout ?? DefaultTimeout;

    /// <summary>Reads <c>fail</c>, <c>skip</c> or a number.</summary>
    /// <exception cref="EvoluteInputException">It is none of them.</exception>
    public static RewardFailures Parse(string policy, double seconds, string place)
    {
        TimeSpan timeout = TimeSpan.FromSeconds(seconds);
        if (policy == "fail") return new(FailurePolicy.Fail, 0, timeout);
        if (policy == "skip") return new(FailurePolicy.Skip, 0, timeout);
        return double.TryParse(policy, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? new(FailurePolicy.Value, value, timeout)
            : throw new EvoluteInputException($"{place} must be fail, skip or a number, not '{policy}'.");
    }
}

/// <summary>What counts where a reward fails.</summary>
public enum FailurePolicy
{
    /// <summary>The run ends with a sentence; its journal is whole and it can be resumed.</summary>
    Fail,

    /// <summary>The reward does not apply to that response.</summary>
    Skip,

    /// <summary>A given score.</summary>
    Value,
}
