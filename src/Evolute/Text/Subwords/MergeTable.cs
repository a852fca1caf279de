using System.Runtime.InteropServices;

namespace Evolute.Text.Subwords;

/// <summary>The merges of byte-pair encoding: which two tokens join, in which order of precedence, to which token.</summary>
internal sealed class MergeTable(int capacity)
{
    /// <summary>The rank of a pair that does not merge.</summary>
    public const int Never = int.MaxValue;

    private readonly Dictionary<ulong, (int Rank, int Whole)> _merges = new(capacity);

    /// <summary>Adds a merge; of a pair given twice the last one counts, as in the reference.</summary>
    public void Add(int left, int right, int rank, int whole) => _merges[Key(left, right)] = (rank, whole);

    public int Rank(int left, int right, out int whole)
    {
        ref (int Rank, int Whole) merge = ref CollectionsMarshal.GetValueRefOrNullRef(_merges, Key(left, right));
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref merge))
        {
            whole = -1;
            return Never;
        }
        whole = merge.Whole;
        return merge.Rank;
    }

    private static ulong Key(int left, int right) => (ulong)(uint)left << 32 | (uint)right;
}
