namespace Evolute.Generation;

/// <summary>How well a sequence's draft is founded, from the best; acceptance is measured for each apart.</summary>
internal enum DraftGround
{
    /// <summary>The whole answer so far is that of the stream.</summary>
    Whole,

    /// <summary>The last few tokens stand in the stream.</summary>
    Several,

    /// <summary>Hardly more than the last token stands in the stream.</summary>
    Few,
}

/// <summary>
/// A place in one of the answers to a prompt, beside a sequence that answers the same prompt: what follows there is the draft. While the sequence goes on as the stream does, the place
/// moves along; else the place after the longest match of the sequence's last tokens is sought in all streams.
/// </summary>
internal sealed class DraftCursor
{
    /// <summary>Longest match that is told from a longer one, that of the whole answer apart.</summary>
    private const int LongestMatch = 8;

    /// <summary>Tokens of a match from which on it is <see cref="DraftGround.Several"/>.</summary>
    private const int SeveralTokens = 4;

    private DraftStreams? _streams;
    private int[] _stream = [];
    private int _next, _seen, _match;
    private bool _whole;

    /// <summary>The answers that the sequence's own will be added to, or null.</summary>
    public DraftStreams? Streams => _streams;

    /// <summary>How well the newest draft was founded.</summary>
    public DraftGround Ground => _whole ? DraftGround.Whole : _match >= SeveralTokens ? DraftGround.Several : DraftGround.Few;

    /// <summary>Begins an answer.</summary>
    public void Begin(DraftStreams? streams) => (_streams, _stream, _next, _seen, _match, _whole) = (streams, [], 0, 0, 0, false);

    /// <summary>A token of the newest draft.</summary>
    public int this[int i] => _stream[_next + i];

    /// <summary>Looks for what may follow the answer so far; returns how many tokens do, 0 where nothing is like it.</summary>
    /// <param name="answer">The answer so far, at least one token; it begins with what it was at the last call.</param>
    public int Find(ReadOnlySpan<int> answer)
    {
        if (!Follow(answer)) Seek(answer);
        _seen = answer.Length;
        return _stream.Length - _next;
    }

    private bool Follow(ReadOnlySpan<int> answer)
    {
        ReadOnlySpan<int> fresh = answer[_seen..], stream = _stream.AsSpan(_next);
        // At its end a stream has nothing more to say.
        if (stream.Length <= fresh.Length || !stream.StartsWith(fresh)) return false;
        _next += fresh.Length;
        _match += fresh.Length;
        return true;
    }

    private void Seek(ReadOnlySpan<int> answer)
    {
        (_stream, _next, _match, _whole) = ([], 0, 0, false);
        foreach (int[] stream in _streams!.All)
        {
            if (stream.Length > answer.Length && stream.AsSpan().StartsWith(answer))
            {
                (_stream, _next, _match, _whole) = (stream, answer.Length, answer.Length, true);
                return;
            }
            if (_match < LongestMatch) SeekWithin(stream, answer);
        }
    }

    private void SeekWithin(int[] stream, ReadOnlySpan<int> answer)
    {
        int newest = answer[^1];
        for (int next = 0; ;)
        {
            // The last token of a stream is followed by nothing.
            int step = stream.AsSpan(next, Math.Max(0, stream.Length - 1 - next)).IndexOf(newest);
            if (step < 0) return;
            next += step + 1;
            int match = 1, longest = Math.Min(LongestMatch, Math.Min(next, answer.Length));
            while (match < longest && stream[next - 1 - match] == answer[^(1 + match)]) match++;
            if (match > _match) (_stream, _next, _match) = (stream, next, match);
        }
    }
}
