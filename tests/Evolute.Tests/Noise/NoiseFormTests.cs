using Evolute.Noise;

namespace Evolute.Tests.Noise;

/// <summary>The forms of noise, beside their scalar definitions.</summary>
public unsafe class NoiseFormTests
{
    private static readonly Perturbation Member = new(77, 5, 6, -1, NoiseKind.Subspace(5));

    /// <summary>Elements before and behind multiples of 64, of a chunk, and of 2³⁴, where a counter's high word changes.</summary>
    [Theory]
    [InlineData(1), InlineData(4), InlineData(8), InlineData(16)]
    public void A_part_is_that_of_the_definition_at_every_width(int lanes)
    {
        foreach (long start in (long[])[0, 1, 63, 1000, (1L << 34) - 70])
            foreach (int count in (int[])[1, 31, 64, 2100]) AssertPart(lanes, start, count);
    }

    private static void AssertPart(int lanes, long start, int count)
    {
        NoiseSource source = Member.Source;
        Assert.Equal(1u, source.Part);
        float[] from = [.. Enumerable.Range(0, count).Select(i => i * 0.25f)], to = new float[count];
        fixed (float* f = from, t = to) PartKernel.OfWidth(lanes).AddScaled(source, 9, start, 0.5f, f, t, count);
        for (int i = 0; i < count; i++)
        {
            bool own = NoiseSource.PartOf(source.PartKey, 9, start + i, 5) == source.Part;
            Assert.Equal(own ? float.FusedMultiplyAdd(0.5f, Normals.At(Member.Key, 9, start + i), from[i]) : from[i], to[i]);
            Assert.Equal(own ? Normals.At(Member.Key, 9, start + i) : 0, source.At(9, start + i));
        }
    }

    [Fact]
    public void Every_element_is_in_one_part_and_parts_are_about_equal()
    {
        const int elements = 100_000, parts = 5;
        NoiseKey key = Member.Source.PartKey;
        int[] sizes = new int[parts];
        for (int i = 0; i < elements; i++) sizes[NoiseSource.PartOf(key, 3, i, parts)]++;
        // Five standard deviations of a binomial share.
        Assert.All(sizes, size => Assert.InRange(size, elements / parts - 640, elements / parts + 640));
    }

    [Fact]
    public void The_split_is_the_same_throughout_a_run_and_members_take_parts_in_turn()
    {
        Perturbation later = Member with { Iteration = 9, Pair = 13 };
        Assert.Equal(Member.Source.PartKey, later.Source.PartKey);
        Assert.Equal(3u, later.Source.Part);
        Assert.Equal((float)(-0.1f * Math.Sqrt(5)), Member.ElementScale(0.1f));
        Assert.Equal((float)(-0.1f / Math.Sqrt(3)), (Member with { Noise = NoiseKind.LowRank(3) }).FactorScale(0.1f));
    }

    [Fact]
    public void Correlated_noise_does_not_know_the_tensor()
    {
        NoiseSource source = (Member with { Noise = NoiseKind.Of(NoiseForm.Correlated) }).Source;
        float[] one = Of(source, TensorId.Of("a")), other = Of(source, TensorId.Of("b"));
        Assert.Equal(one, other);
        Assert.Equal([.. Enumerable.Range(0, one.Length).Select(i => Normals.At(Member.Key, 0, i))], one);
        Assert.NotEqual(one, Of((Member with { Noise = default }).Source, TensorId.Of("a")));
    }

    [Fact]
    public void Factors_go_by_the_names_of_their_tensors()
    {
        ulong id = TensorId.Of("model.embed_tokens.weight");
        Assert.Equal(TensorId.Of("model.embed_tokens.weight#A"), TensorId.FactorA(id));
        Assert.Equal(TensorId.Of("model.embed_tokens.weight#B"), TensorId.FactorB(id));
    }

    private static float[] Of(NoiseSource source, ulong tensor)
    {
        float[] values = new float[100];
        fixed (float* v = values) source.AddScaled(tensor, 0, 1, v, v, values.Length);
        return values;
    }
}
