namespace Evolute.Models;

/// <summary>The floating-point type a tensor has in a checkpoint; in memory the masters are always float32.</summary>
public enum StoredType
{
    /// <summary>IEEE 754 binary32.</summary>
    F32,

    /// <summary>The upper half of a binary32.</summary>
    BF16,

    /// <summary>IEEE 754 binary16.</summary>
    F16,
}

/// <summary>Sizes and names of <see cref="StoredType"/>.</summary>
internal static class StoredTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this StoredType type) => type == StoredType.F32 ? 4 : 2;

    /// <summary>The name that <c>torch_dtype</c> / <c>dtype</c> of config.json has for it.</summary>
    public static string TorchName(this StoredType type) => type switch
    {
        StoredType.BF16 => "bfloat16",
        StoredType.F16 => "float16",
        _ => "float32",
    };
}
