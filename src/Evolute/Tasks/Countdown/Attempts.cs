namespace Evolute.Tasks.Countdown;

/// <summary>Counts what a response tries out before it answers.</summary>
internal static class Attempts
{
    /// <summary>
    /// The parts of the reasoning, between commas, semicolons and line ends, in which an operation stands between two numbers. The reasoning ends
    /// at <c>&lt;/think&gt;</c>.
    /// </summary>
    public static int In(ReadOnlySpan<char> response)
    {
        int end = response.IndexOf(FormatReward.ThinkClose, StringComparison.Ordinal);
        if (end >= 0) response = response[..end];
        int attempts = 0;
        foreach (Range part in response.SplitAny(',', ';', '\n'))
            if (HasOperation(response[part])) attempts++;
        return attempts;
    }

    // One pass: a number, then an operator, then a number, with nothing but spaces and parentheses between them.
    private static bool HasOperation(ReadOnlySpan<char> text)
    {
        bool number = false, operation = false;
        foreach (char c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                if (operation) return true;
                number = true;
            }
            else if (c is '+' or '-' or '*' or '/' or '×' or '÷') (number, operation) = (false, number);
            else if (c is not (' ' or '(' or ')')) number = operation = false;
        }
        return false;
    }
}
