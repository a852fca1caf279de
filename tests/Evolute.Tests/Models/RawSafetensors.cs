using System.Text;

namespace Evolute.Tests.Models;

/// <summary>safetensors files with any header, good or bad.</summary>
internal static class RawSafetensors
{
    /// <summary>A file's bytes: the header's length, the header, and as many zeros as wanted.</summary>
    public static byte[] Bytes(string header, int dataBytes) =>
        [.. BitConverter.GetBytes((ulong)Encoding.UTF8.GetByteCount(header)), .. Encoding.UTF8.GetBytes(header), .. new byte[dataBytes]];

    /// <summary>The entry of one tensor in a header.</summary>
    public static string Entry(string name, string shape, long begin, long end, string dtype = "F32") =>
        $"\"{name}\":{{\"dtype\":\"{dtype}\",\"shape\":{shape},\"data_offsets\":[{begin},{end}]}}";
}
