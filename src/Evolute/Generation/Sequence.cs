using System.Text;
using Evolute.Text;

namespace Evolute.Generation;

/// <summary>One slot's sequence in flight; the object is used again for the slot's next sequence.</summary>
internal sealed class Sequence(Tokenizer? tokenizer, GenerationSettings settings, IReadOnlyList<int> endTokens)
{
    private readonly int[] _output = new int[settings.MaxNewTokens];
    private readonly StringBuilder _text = new();
    private readonly int _longestStop = settings.StopStrings.Count == 0 ? 0 : settings.StopStrings.Max(s => s.Length);
    private TokenStream? _stream;

    /// <summary>Index of the prompt, −1 while the slot is free.</summary>
    public int Prompt { get; private set; } = -1;

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

    public string TextFrom(int start) => _text.ToString(start, _text.Length - start);

    public void Begin(int prompt, int[] ids, DraftStreams? drafts)
    {
        Drafts.Begin(drafts);
        Drafted = 0;
        (Prompt, PromptIds, Prefilled, OutputCount) = (prompt, ids, 0, 0);
        _text.Clear();
        _stream = tokenizer?.NewStream(skipSpecialTokens: true);
    }

    /// <summary>Takes the next token; returns the completion if it was the last, else null.</summary>
    public Completion? Accept(int token)
    {
        _output[OutputCount++] = token;
        bool ended = !settings.IgnoreEndTokens && endTokens.Contains(token);
        if (!ended && _stream?.Append(token) is { Length: > 0 } piece)
        {
            _text.Append(piece);
            ended = CutAfterStop(piece.Length);
        }
        if (!ended && OutputCount < settings.MaxNewTokens) return null;
        if (!ended && _stream?.Flush() is { Length: > 0 } rest) _text.Append(rest);
        (Prompt, Drafted) = (-1, 0);
        return new(_output[..OutputCount], _text.ToString(), ended ? FinishReason.Stop : FinishReason.Length);
    }

    /// <summary>Looks for the earliest stop string that ends within the newest characters and cuts the text after it.</summary>
    private bool CutAfterStop(int newest)
    {
        if (_longestStop == 0) return false;
        int start = Math.Max(0, _text.Length - newest - _longestStop + 1);
        string tail = _text.ToString(start, _text.Length - start);
        int end = int.MaxValue;
        foreach (string stop in settings.StopStrings)
            if (tail.IndexOf(stop, StringComparison.Ordinal) is >= 0 and int at) end = Math.Min(end, at + stop.Length);
        if (end == int.MaxValue) return false;
        _text.Length = start + end;
        return true;
    }
}
