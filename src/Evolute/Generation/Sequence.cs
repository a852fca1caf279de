using Evolute.Text;

namespace Evolute.Generation;

/// <summary>One slot's sequence in flight; the object is used again for the slot's next sequence.</summary>
internal sealed class Sequence(Tokenizer? tokenizer, GenerationSettings settings, IReadOnlyList<int> endTokens)
{
    private readonly int[] _output = new int[settings.MaxNewTokens];
    private readonly TextBuffer _text = new(tokenizer is null ? 0 : 8 * Math.Min(settings.MaxNewTokens, 1 << 14));
    private readonly LoopDetector? _loops = settings.StopLoops == 0 ? null : new(settings.StopLoops);
    private readonly StopMatcher _stops = new(settings.StopStrings);
    private readonly TokenStream? _stream = tokenizer?.NewStream(skipSpecialTokens: true);
    private TokenDraws _draws;
    private int _index;

    /// <summary>Index of the prompt, −1 while the slot is free.</summary>
    public int Prompt { get; private set; } = -1;

    /// <summary>Whose weights go on with it: the member's place on the seat.</summary>
    public int Place { get; private set; }

    /// <summary>Which of the seat's members that is.</summary>
    public int Member { get; private set; }

    /// <summary>What the new tokens follow on: the prompt, or a decoder's start token.</summary>
    public int[] PromptIds { get; private set; } = [];

    /// <summary>Tokens of the prompt that the engine has seen.</summary>
    public int Prefilled { get; set; }

    public int OutputCount { get; private set; }

    /// <summary>Whether the prompt is done and the newest token is the next input.</summary>
    public bool Decoding => Prompt >= 0 && OutputCount > 0;

    /// <summary>Where drafts for the sequence come from.</summary>
    public DraftCursor Drafts { get; } = new();

    /// <summary>Drafted tokens that stand after the newest one in this step.</summary>
    public int Drafted { get; set; }

    /// <summary>How many tokens may be drafted: those found, but for the last that there is room for, which its forerunner's row gives.</summary>
    public int FindDrafts() => Math.Min(Drafts.Find(_output.AsSpan(0, OutputCount)), settings.MaxNewTokens - OutputCount - 1);

    public int NewestToken => _output[OutputCount - 1];

    public int TextLength => _text.Length;

    public string TextFrom(int start) => _text.From(start).ToString();

    /// <summary>Begins with a prompt, the first <paramref name="held"/> tokens of which the slot holds already.</summary>
    public void Begin(int prompt, int[] ids, int held = 0, DraftStreams? drafts = null, QueuedPrompt source = default)
    {
        (Place, Member, _draws, _index) = (source.Place, source.Member, source.Prompt.Draws, source.Prompt.Index);
        Drafts.Begin(drafts);
        Drafted = 0;
        (Prompt, PromptIds, Prefilled, OutputCount) = (prompt, ids, held, 0);
        _text.Cut(0);
        _stops.Reset();
        _loops?.Reset();
        _stream?.Reset();
    }

    /// <summary>The uniform number that a token is drawn with.</summary>
    public double Draw(int token) => _draws.At(_index, token);

    /// <summary>How many of the first tokens of <paramref name="ids"/> the slot holds of a member, by the rows of the step in the making at the latest.</summary>
    public int HeldOf(ReadOnlySpan<int> ids, int member)
    {
        if (member != Member) return 0;
        int common = PromptIds.AsSpan(0, Prefilled).CommonPrefixLength(ids);
        // The newest token has not been an input yet.
        return common < PromptIds.Length || OutputCount == 0 ? common : common + _output.AsSpan(0, OutputCount - 1).CommonPrefixLength(ids[common..]);
    }

    /// <summary>Takes the next token; returns the completion if it was the last, else null.</summary>
    public Completion? Accept(int token)
    {
        _output[OutputCount++] = token;
        bool ended = !settings.IgnoreEndTokens && endTokens.Contains(token);
        if (!ended) ended = AppendText(token);
        bool loops = _loops is not null && _loops.Ends(_output.AsSpan(0, OutputCount));
        if (!ended && !loops && OutputCount < settings.MaxNewTokens) return null;
        if (!ended) _stream?.Flush(_text);
        (Prompt, Drafted) = (-1, 0);
        return new(_output[..OutputCount], _text.ToString(), ended ? FinishReason.Stop : FinishReason.Length);
    }

    /// <summary>Adds the token's text; returns whether a stop string came with it, after which the text ends.</summary>
    private bool AppendText(int token)
    {
        int start = _text.Length;
        _stream?.Append(token, _text);
        int end = _stops.Find(_text.From(start));
        if (end < 0) return false;
        _text.Cut(start + end);
        return true;
    }
}
