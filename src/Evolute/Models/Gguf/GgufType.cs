namespace Evolute.Models.Gguf;

/// <summary>How the values of a tensor are stored in a GGUF file; the numbers are the format's.</summary>
public enum GgufType
{
    /// <summary>IEEE 754 binary32.</summary>
    F32 = 0,

    /// <summary>IEEE 754 binary16.</summary>
    F16 = 1,

    /// <summary>Blocks of 32 signed bytes with one binary16 scale.</summary>
    Q8_0 = 8,

    /// <summary>The upper half of a binary32.</summary>
    BF16 = 30,
}

/// <summary>Sizes of <see cref="GgufType"/>.</summary>
internal static class GgufTypes
{
    /// <summary>Bytes of a row of values.</summary>
    public static long RowBytes(this GgufType type, long values) => type switch
    {
        GgufType.F32 => 4 * values,
        GgufType.Q8_0 => values / Q8Block.Length * Q8Block.Bytes,
        _ => 2 * values,
    };

    /// <summary>The number that <c>general.file_type</c> has for a file whose matrices are of this type.</summary>
    public static uint FileType(this GgufType type) => type switch
    {
        GgufType.F16 => 1,
        GgufType.Q8_0 => 7,
        GgufType.BF16 => 32,
        _ => 0,
    };

    /// <summary>The type that stores values of a checkpoint's type as they are.</summary>
    public static GgufType Of(StoredType type) => type switch
    {
        StoredType.BF16 => GgufType.BF16,
        StoredType.F16 => GgufType.F16,
        _ => GgufType.F32,
    };
}
