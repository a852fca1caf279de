namespace Evolute.Generation;

/// <summary>
/// A seat's prompts, member by member: the next member is asked for when slots are free and one of the places for members is, so that a batch goes on without running empty between members.
/// </summary>
/// <param name="places">Members that the seat holds at once.</param>
/// <param name="next">Prepares the next member in a place and gives its prompts, at least one; or none when there are no more members.</param>
/// <param name="alikeTogether">Whether a member's prompts that begin alike begin one after another, so that they meet in the slots.</param>
internal sealed class PromptQueue(int places, Func<int, IReadOnlyList<MemberPrompt>> next, bool alikeTogether)
{
    private readonly List<QueuedPrompt> _prompts = [];
    private readonly List<int> _order = [];
    private readonly int[] _unanswered = new int[places];
    private int _members, _begun, _answered;
    private bool _ended;

    /// <summary>Prompts that have not begun.</summary>
    public int Waiting => _order.Count - _begun;

    /// <summary>Whether every prompt of every member is answered.</summary>
    public bool Done => _ended && _answered == _prompts.Count;

    /// <summary>One of the prompts, by its index: they are counted as they come.</summary>
    public QueuedPrompt this[int index] => _prompts[index];

    /// <summary>Asks for members until there are <paramref name="wanted"/> prompts that have not begun, or no place is free.</summary>
    public void Fill(int wanted)
    {
        while (!_ended && Waiting < wanted)
        {
            int place = Array.IndexOf(_unanswered, 0);
            if (place < 0) return;
            Add(next(place), place);
        }
    }

    /// <summary>The index of the prompt that comes after <paramref name="ahead"/> others.</summary>
    public int Peek(int ahead = 0) => _order[_begun + ahead];

    /// <summary>Takes the next prompt: its index.</summary>
    public int Take() => _order[_begun++];

    /// <summary>A prompt is answered; with its last one a member leaves its place.</summary>
    public void Answered(int index)
    {
        _unanswered[_prompts[index].Place]--;
        _answered++;
    }

    private void Add(IReadOnlyList<MemberPrompt> prompts, int place)
    {
        _ended = prompts.Count == 0;
        _unanswered[place] = prompts.Count;
        int first = _prompts.Count;
        for (int i = 0; i < prompts.Count; i++)
        {
            if (prompts[i].Ids.Length == 0) throw new EvoluteInputException("A prompt has no tokens; give it at least one.");
            _prompts.Add(new(prompts[i], place, _members));
            _order.Add(first + i);
        }
        if (alikeTogether)
            _order.Sort(first, prompts.Count, Comparer<int>.Create((a, b) => _prompts[a].Prompt.Ids.AsSpan().SequenceCompareTo(_prompts[b].Prompt.Ids) is not 0 and int compared ? compared : a - b));
        _members++;
    }
}

/// <summary>A prompt in a queue.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Place">Its member's place on the seat.</param>
/// <param name="Member">Which of the seat's members it belongs to, counted as they come: places are taken again.</param>
internal readonly record struct QueuedPrompt(MemberPrompt Prompt, int Place, int Member);
