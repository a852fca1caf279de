using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Evolute.Cli;

/// <summary>The vector instruction sets that the runtime lets this process use.</summary>
internal static class InstructionSets
{
    public static IReadOnlyList<string> Supported()
    {
        (string Name, bool Supported)[] all =
        [
            ("SSE4.2", Sse42.IsSupported), ("AVX", Avx.IsSupported), ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported),
            ("AVX-512F", Avx512F.IsSupported), ("AVX-512BW", Avx512BW.IsSupported), ("AVX-512VBMI", Avx512Vbmi.IsSupported),
            ("Neon", AdvSimd.Arm64.IsSupported),
        ];
        return [.. all.Where(s => s.Supported).Select(s => s.Name)];
    }
}
