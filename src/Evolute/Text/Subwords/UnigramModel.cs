using System.Buffers;
using System.Text;

namespace Evolute.Text.Subwords;

/// <summary>
/// SentencePiece's unigram model: of all ways to write a piece in tokens, the one with the highest sum of scores (Viterbi).
/// The sums are rounded where SentencePiece rounds them, for there are ties that the rounding decides.
/// </summary>
internal sealed class UnigramModel : SubwordModel
{
    private const float UnknownPenalty = 10;
    private readonly TokenTrie _trie = new();
    private readonly float[] _scores;
    private readonly int _unknown;
    private readonly float _unknownScore;
    private readonly int[]? _ofByte;
    private readonly PieceCache _cache = new();

    /// <param name="tokens">The tokens that text may become: not the control tokens.</param>
    /// <param name="scores">Log-probabilities by id.</param>
    /// <param name="unknown">The id of what no token writes.</param>
    /// <param name="ofByte">The ids of byte tokens, for characters that no token writes; or null.</param>
    public UnigramModel(IReadOnlyList<(string Token, int Id)> tokens, float[] scores, int unknown, int[]? ofByte)
    {
        (_scores, _unknown, _ofByte) = (scores, unknown, ofByte);
        foreach ((string token, int id) in tokens) _trie.Add(token, id);
        _unknownScore = tokens.Select(t => scores[t.Id]).DefaultIfEmpty(0).Min() - UnknownPenalty;
    }

    /// <summary>The best way to write the text up to a place: its score, its last token and where that starts.</summary>
    private struct Best
    {
        public float Score;
        public int Id, Start;
    }

    public override void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (piece.IsEmpty) return;
        if (_cache.TryGet(piece, out int[] known))
        {
            ids.AddRange(known.AsSpan());
            return;
        }
        Best[] best = ArrayPool<Best>.Shared.Rent(piece.Length + 1);
        try
        {
            FindBest(piece, best.AsSpan(0, piece.Length + 1));
            List<int> found = TraceBack(piece, best);
            _cache.Add(piece, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(found));
            ids.AddRange(found);
        }
        finally
        {
            ArrayPool<Best>.Shared.Return(best);
        }
    }

    private void FindBest(ReadOnlySpan<char> piece, Span<Best> best)
    {
        best.Fill(new Best { Start = -1 });
        for (int start = 0, length; start < piece.Length; start += length)
        {
            length = char.IsHighSurrogate(piece[start]) && start + 1 < piece.Length ? 2 : 1;
            bool hasCharacter = false;
            int node = TokenTrie.Root;
            for (int end = start; end < piece.Length && _trie.TryStep(ref node, piece[end]);)
            {
                end++;
                if (_trie.IdAt(node) is not (>= 0 and int id)) continue;
                hasCharacter |= end - start == length;
                // A sum in double precision, compared so, kept in single.
                double score = (double)_scores[id] + best[start].Score;
                if (best[end].Start < 0 || score > best[end].Score) best[end] = new Best { Score = (float)score, Id = id, Start = start };
            }
            if (hasCharacter) continue;
            ref Best next = ref best[start + length];
            float unknown = _unknownScore + best[start].Score;
            if (next.Start < 0 || unknown > next.Score) next = new Best { Score = unknown, Id = _unknown, Start = start };
        }
    }

    private List<int> TraceBack(ReadOnlySpan<char> piece, Best[] best)
    {
        List<int> reversed = [];
        Span<byte> bytes = stackalloc byte[4];
        int unknownEnd = -1;
        for (int end = piece.Length; end > 0; end = best[end].Start)
        {
            Best last = best[end];
            if (last.Id != _unknown)
            {
                reversed.Add(last.Id);
            }
            else if (_ofByte is not null)
            {
                int count = Encoding.UTF8.GetBytes(piece[last.Start..end], bytes);
                for (int i = count - 1; i >= 0; i--) reversed.Add(_ofByte[bytes[i]]);
            }
            else
            {
                // Unknown characters in a row are one token.
                if (unknownEnd != end) reversed.Add(_unknown);
                unknownEnd = last.Start;
            }
        }
        reversed.Reverse();
        return reversed;
    }
}
