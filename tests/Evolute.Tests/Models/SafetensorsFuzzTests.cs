using System.Text;
using CsCheck;
using Evolute.Models;
using static Evolute.Tests.Models.RawSafetensors;

namespace Evolute.Tests.Models;

/// <summary>
/// Headers damaged at random are read or refused with the typed error, never anything else. The million runs by name:
/// <c>dotnet test -c Release -- --explicit only --filter-class "*SafetensorsFuzzTests"</c>.
/// </summary>
public class SafetensorsFuzzTests
{
    private const int DataBytes = 48;

    private static readonly byte[][] Seeds =
    [
        Encoding.UTF8.GetBytes($"{{\"__metadata__\":{{\"format\":\"pt\"}},{Entry("a", "[2,4]", 0, 32)},{Entry("b.weight", "[8]", 32, 48, "BF16")}}}   "),
        Encoding.UTF8.GetBytes($"{{{Entry("model.é", "[]", 0, 4)},{Entry("x", "[0]", 4, 4)},{Entry("y", "[11]", 4, 48)}}}"),
        Encoding.UTF8.GetBytes($"{{{Entry("q", "[96]", 0, 48, "F4")}}}"),
    ];

    private static readonly byte[][] Pieces =
    [
        .. ((string[])["{", "}", "[", "]", ":", ",", "\"", "\\", "\\u0000", "\\ud800", "null", "true", "-1", "-0", "0", "00", "1.0", "1e999", "4294967296",
            "9223372036854775807", "9223372036854775808", "18446744073709551616", "\"F32\"", "\"F64\"", "\"\"", "\"dtype\"", "\"shape\"", "\"data_offsets\"",
            "\"__metadata__\":{}", "\"a\":{}", "[[[[[[[[", "{\"a\":{\"a\":{\"a\":", "//", "/*", "\uFEFF", " ", "\n", "\t"]).Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0],
    ];

    private static readonly Gen<byte[]> Damaged = Gen.Select(
        Gen.Int[0, Seeds.Length - 1],
        Gen.Select(Gen.Int[0, 5], Gen.UInt, Gen.UInt).Array[1, 5],
        (seed, edits) =>
        {
            List<byte> bytes = [.. Seeds[seed]];
            foreach ((int kind, uint where, uint what) in edits) Edit(bytes, kind, where, what);
            return bytes.ToArray();
        });

    [Fact]
    public void Damaged_headers_are_read_or_refused() => Fuzz(60_000);

    [Fact]
    public void Damaged_files_are_read_or_refused()
    {
        using TempFolder temp = new();
        Damaged.Sample(header =>
        {
            string path = temp[Guid.NewGuid().ToString("N")];
            File.WriteAllBytes(path, [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. new byte[DataBytes]]);
            try
            {
                using SafetensorsFile file = SafetensorsFile.Open(path);
            }
            catch (EvoluteInputException e)
            {
                Assert.StartsWith(path, e.Message);
            }
            File.Delete(path);
        }, iter: 2000);
    }

    /// <summary>Run by name: <c>dotnet test -c Release -- --explicit only --filter-class "*SafetensorsFuzzTests"</c>.</summary>
    [Fact(Explicit = true)]
    public void A_million_damaged_headers_are_read_or_refused() => Fuzz(1_000_000);

    private static void Fuzz(int count)
    {
        int read = 0, refused = 0;
        Damaged.Sample(header =>
        {
            try
            {
                Dictionary<string, SafetensorsEntry> tensors = SafetensorsHeader.Parse(header, DataBytes, "file");
                Assert.Equal(DataBytes, tensors.Values.Sum(t => t.End - t.Begin));
                Assert.All(tensors, t => Assert.True(t.Key == t.Value.Name && t.Value.Begin <= t.Value.End));
                Interlocked.Increment(ref read);
            }
            catch (EvoluteInputException e)
            {
                Assert.StartsWith("file: ", e.Message);
                Assert.InRange(e.Message.Length, 10, 1000);
                Interlocked.Increment(ref refused);
            }
        }, iter: count);
        // Damage that hits only a name or white space is none; most of it must be found.
        Assert.InRange(read, count / 100, count / 2);
        Assert.Equal(count, read + refused);
    }

    private static void Edit(List<byte> bytes, int kind, uint where, uint what)
    {
        int at = (int)(where % (uint)(bytes.Count + 1)), length = (int)Math.Min(what % 16, (uint)(bytes.Count - at));
        switch (kind)
        {
            case 0 when at < bytes.Count: bytes[at] ^= (byte)(1 << (int)(what % 8)); break;
            case 1 when at < bytes.Count: bytes[at] = (byte)what; break;
            case 2: bytes.RemoveRange(at, length); break;
            case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
            case 4: bytes.InsertRange(at, Pieces[what % (uint)Pieces.Length]); break;
            case 5:
                bytes.RemoveRange(at, length);
                bytes.InsertRange(at, Pieces[(what >> 8) % (uint)Pieces.Length]);
                break;
        }
    }
}
