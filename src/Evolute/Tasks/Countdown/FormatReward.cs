namespace Evolute.Tasks.Countdown;

/// <summary>
/// How well a response keeps to the form <c>… &lt;/think&gt; newline &lt;answer&gt; … &lt;/answer&gt;</c>. Linear
/// scans instead of regular expressions, which backtrack on hostile text.
/// </summary>
internal static class FormatReward
{
    public const string ThinkOpen = "<think>", ThinkClose = "</think>", AnswerOpen = "<answer>", AnswerClose = "</answer>";

    private const string Turn = ThinkClose + "\n" + AnswerOpen;
    private const double ThinkPair = 0.1, AnswerPair = 0.5;

    /// <summary>
    /// 1 for the whole form, else 0.1 for a think pair plus 0.5 for an answer pair. The prompt ends in
    /// <c>&lt;think&gt;</c>, so that is put before the response; one <paramref name="endToken"/> at the end is taken off.
    /// </summary>
    public static double Score(string response, string? endToken)
    {
        ReadOnlySpan<char> text = ThinkOpen + response;
        if (!string.IsNullOrEmpty(endToken) && text.EndsWith(endToken, StringComparison.Ordinal))
            text = text[..^endToken.Length];
        if (IsWhole(text)) return 1;
        return (HasPair(text, ThinkOpen, ThinkClose) ? ThinkPair : 0) + (HasPair(text, AnswerOpen, AnswerClose) ? AnswerPair : 0);
    }

    // ^<think>.*?</think>\n<answer>.*?</answer>$ where "." is any character and "$" allows one final newline.
    private static bool IsWhole(ReadOnlySpan<char> text)
    {
        if (text.EndsWith('\n')) text = text[..^1];
        if (!text.StartsWith(ThinkOpen, StringComparison.Ordinal) || !text.EndsWith(AnswerClose, StringComparison.Ordinal)) return false;
        text = text[ThinkOpen.Length..];
        int turn = text.IndexOf(Turn, StringComparison.Ordinal);
        return turn >= 0 && turn + Turn.Length <= text.Length - AnswerClose.Length;
    }

    private static bool HasPair(ReadOnlySpan<char> text, string open, string close)
    {
        int start = text.IndexOf(open, StringComparison.Ordinal);
        return start >= 0 && text[(start + open.Length)..].IndexOf(close, StringComparison.Ordinal) >= 0;
    }
}
