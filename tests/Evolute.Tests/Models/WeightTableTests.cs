using System.Security.Cryptography;
using System.Text;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Tests.Models;

public class WeightTableTests
{
    [Fact]
    public void Tensors_stand_in_the_order_of_their_utf8_names()
    {
        // As UTF-16 the surrogate pair (U+D83D…) sorts before U+FF5E; as UTF-8 it sorts after.
        using WeightTable table = new([new("😀", [1]), new("b", [1]), new("～", [1]), new("B", [1]), new("a.10", [1]), new("a.2", [1])]);
        Assert.Equal(["B", "a.10", "a.2", "b", "～", "😀"], table.Tensors.Select(t => t.Name));
    }

    [Fact]
    public unsafe void A_new_table_holds_aligned_zeros()
    {
        using WeightTable table = new([new("x", [3, 5], StoredType.BF16), new("y", [])]);
        WeightTensor x = table["x"];
        Assert.Equal(15, x.Length);
        Assert.Equal([3, 5], x.Shape);
        Assert.Equal(StoredType.BF16, x.StoredType);
        Assert.Equal(TensorId.Of("x"), x.NoiseId);
        Assert.Equal(1, table["y"].Length);
        Assert.Equal(16, table.ParameterCount);
        Assert.All(x.Span.ToArray(), v => Assert.Equal(0f, v));
        Assert.All(table.Tensors, t => Assert.Equal(0, (long)t.Pointer % 64));
    }

    [Fact]
    public void A_clone_keeps_its_values_when_the_original_changes_and_goes()
    {
        WeightTable table = new([new("x", [2])]);
        table["x"].Span[1] = 5;
        using WeightTable clone = table.Clone();
        table["x"].Span[1] = 6;
        table.Dispose();
        Assert.Equal([0f, 5f], clone["x"].Span.ToArray());
        Assert.Throws<ObjectDisposedException>(() => table["x"].Span.Length);
    }

    [Fact]
    public void Unknown_and_repeated_names_are_refused()
    {
        using WeightTable table = new([new("x", [2])]);
        Assert.False(table.TryGet("y", out _));
        Assert.Contains("'y'", Assert.Throws<KeyNotFoundException>(() => table["y"]).Message);
        Assert.Throws<ArgumentException>(() => new WeightTable([new("x", [2]), new("x", [2])]));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 3)]
    [InlineData(2, 1)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(0, -1)]
    public void Slices_outside_the_tensor_are_refused(long start, int count)
    {
        using WeightTable table = new([new("x", [2])]);
        Assert.Throws<ArgumentOutOfRangeException>(() => table["x"].Slice(start, count).Length);
    }

    [Fact]
    public void Sha256_is_that_of_the_documented_bytes()
    {
        using WeightTable table = new([new("b", [2, 1]), new("a", [])]);
        table["a"].Span[0] = 1;
        table["b"].Span[0] = -2;
        byte[] expected = [
            1, 0, 0, 0, (byte)'a', 0, 0, 0, 0, 0, 0, 0x80, 0x3f,
            1, 0, 0, 0, (byte)'b', 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(expected)), WeightsDigest.Sha256(table));
    }

    [Fact]
    public void The_checksum_merges_tensors_and_sees_every_bit_and_name()
    {
        using WeightTable table = new([new("b", [1 << 20 | 1]), new("a", [3])]);
        ulong zeros = WeightsDigest.Checksum(table);
        Assert.Equal(zeros, WeightsDigest.Merge([WeightsDigest.OfTensor(table["a"]), WeightsDigest.OfTensor(table["b"])]));
        table["b"].Span[1 << 20] = -0f;
        ulong negative = WeightsDigest.Checksum(table);
        Assert.NotEqual(zeros, negative);
        using WeightTable renamed = new([new("c", [1 << 20 | 1]), new("a", [3])]);
        Assert.NotEqual(zeros, WeightsDigest.Checksum(renamed));
    }

    [Fact]
    public void The_checksum_of_a_tensor_is_seeded_xxh3_of_its_bytes()
    {
        using WeightTable table = new([new("a", [2])]);
        table["a"].Span[1] = 1;
        ulong expected = System.IO.Hashing.XxHash3.HashToUInt64([0, 0, 0, 0, 0, 0, 0x80, 0x3f], unchecked((long)TensorId.Fnv1a64(Encoding.UTF8.GetBytes("a"))));
        Assert.Equal(expected, WeightsDigest.OfTensor(table["a"]));
    }
}
