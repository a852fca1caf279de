using System.Runtime.Intrinsics;

namespace Evolute.Numerics;

/// <summary>How many float32 lanes the kernels use; a choice of speed, never of results.</summary>
internal static class VectorWidth
{
    /// <summary>Names the width that <see cref="Best"/> takes instead of the machine's (1, 4, 8 or 16), for measurements and tests.</summary>
    public const string Variable = "EVOLUTE_LANES";

    /// <summary>The widest that the machine runs in hardware, unless the environment names another.</summary>
    public static int Best { get; } = Choose(Environment.GetEnvironmentVariable(Variable));

    internal static int Choose(string? wanted) => wanted switch
    {
        null or "" => Vector512.IsHardwareAccelerated && FusedMultiplyAdd.IsHardware ? 16
            : Vector256.IsHardwareAccelerated && FusedMultiplyAdd.IsHardware ? 8
            : Vector128.IsHardwareAccelerated ? 4 : 1,
        "1" => 1,
        "4" => 4,
        "8" => 8,
        "16" => 16,
        _ => throw new EvoluteInputException($"{Variable}={wanted} is not a vector width; use 1, 4, 8 or 16, or leave it unset."),
    };
}
