using System.Buffers;

namespace Evolute.Tasks.Countdown;

/// <summary>Finds the answer in a response.</summary>
internal static class AnswerText
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("0123456789+-*/() ");

    /// <summary>
    /// The content of the last closed pair of answer tags, pairs taken from left to right without overlap; empty where
    /// there is none or where it has characters other than <c>0-9 + - * / ( )</c>, spaces and one final newline
    /// (taken off).
    /// </summary>
    public static ReadOnlySpan<char> LastExpression(ReadOnlySpan<char> response)
    {
        ReadOnlySpan<char> content = LastClosed(response);
        if (content.EndsWith('\n')) content = content[..^1];
        return content.ContainsAnyExcept(Allowed) ? [] : content;
    }

    private static ReadOnlySpan<char> LastClosed(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> last = [];
        while (true)
        {
            int open = text.IndexOf(FormatReward.AnswerOpen, StringComparison.Ordinal);
            if (open < 0) return last;
            text = text[(open + FormatReward.AnswerOpen.Length)..];
            int close = text.IndexOf(FormatReward.AnswerClose, StringComparison.Ordinal);
            if (close < 0) return last;
            last = text[..close];
            text = text[(close + FormatReward.AnswerClose.Length)..];
        }
    }
}
