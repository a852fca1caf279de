using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>What low-rank noise needs in memory besides a model, in bytes; known before its weights are read.</summary>
/// <param name="Member">One member's factors, its norms and its biases.</param>
/// <param name="Together">Members that a seat holds at once.</param>
/// <param name="Update">The stacked factors and their panels from which an update is made, of all threads.</param>
public sealed record LowRankMemory(long Member, int Together, long Update)
{
    /// <summary>Memory for factors on all seats, and members of a seat at most.</summary>
    private const long FactorBytes = 256 << 20, MostMembers = 1024;

    /// <summary>All of it.</summary>
    /// <param name="seats">Seats, each with members of its own.</param>
    public long Bytes(int seats) => (long)Int128.Min((Int128)seats * Together * Member + Update, long.MaxValue);

    /// <summary>What a model needs, whichever of its tensors are trained.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="rank">r.</param>
    /// <param name="seats">Seats.</param>
    /// <param name="threads">Threads that make an update.</param>
    /// <param name="population">Members.</param>
    /// <param name="together">Members of a seat at once that are worth while; fewer may fit.</param>
    public static LowRankMemory Of(ModelSpec spec, int rank, int seats, int threads, int population, int together)
    {
        long member = MemberBytes(spec, rank);
        return new(member, Math.Clamp(together, 1, MostTogether(spec, member, seats)), threads * FactorUpdate.Bytes(population, rank));
    }

    /// <summary>Members that a seat may hold at once.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="member">Bytes of one member.</param>
    /// <param name="seats">Seats.</param>
    internal static int MostTogether(ModelSpec spec, long member, int seats) => spec.EncoderDecoder is null ? (int)Math.Clamp(FactorBytes / seats / member, 1, MostMembers) : 1;

    private static long MemberBytes(ModelSpec spec, int rank)
    {
        string embedding = ModelTensors.Embedding(spec);
        Int128 floats = 0;
        foreach (TensorSpec tensor in ModelTensors.Of(spec))
            floats += tensor.Shape.Count == 1 || IsTable(spec, tensor.Name) ? Padded(tensor.Length)
                : tensor.Name == embedding && !spec.TiedEmbeddings ? (Int128)rank * tensor.Shape[1]
                : rank * (Padded(tensor.Shape[1]) + Parts(spec, tensor).Aggregate((Int128)0, (sum, rows) => sum + Padded(rows)));
        return (long)Int128.Min(floats * sizeof(float), long.MaxValue);
    }

    /// <summary>Whether a tensor of two dimensions is read element by element, so that its noise is written out.</summary>
    private static bool IsTable(ModelSpec spec, string name) => spec.EncoderDecoder is not null && (name == EncoderDecoderNames.Encoder.RelativeBias || name == EncoderDecoderNames.Decoder.RelativeBias);

    /// <summary>Rows of the matrices that a tensor holds.</summary>
    private static long[] Parts(ModelSpec spec, TensorSpec tensor)
    {
        long keys = (long)spec.KeyValueHeadCount * spec.HeadSize;
        return !spec.FusedProjections ? [tensor.Shape[0]]
            : tensor.Name.EndsWith(LayerTensorNames.QkvSuffix, StringComparison.Ordinal) ? [tensor.Shape[0] - 2 * keys, keys, keys]
            : tensor.Name.EndsWith(LayerTensorNames.GateUpSuffix, StringComparison.Ordinal) ? [tensor.Shape[0] / 2, tensor.Shape[0] / 2]
            : [tensor.Shape[0]];
    }

    // Sizes in config.json may be beyond what panels can hold.
    private static Int128 Padded(long n) => ((Int128)n + Panel.ColumnsTogether - 1) / Panel.ColumnsTogether * Panel.ColumnsTogether;
}
