using System.Text;

namespace Evolute.Tasks.Mathematics;

/// <summary>
/// Whether two answers are the same mathematically. The order of items matters in tuples, intervals and matrices and not in sets and in lists without brackets; a percentage
/// equals its number and its hundredth; units and remarks behind a value do not count; <c>x = 5</c> equals <c>5</c>; a decimal equals what it is the rounding of from four decimals on.
/// </summary>
public static class MathEquivalence
{
    /// <summary>Longer answers are compared as text.</summary>
    public const int MaxLength = 4000;

    /// <summary>Whether an answer says the same as the gold answer. Both are bare answers, not responses with an answer in them.</summary>
    public static bool Holds(string gold, string answer)
    {
        string goldText = Canonical(gold), answerText = Canonical(answer);
        if (answerText.Length == 0 || goldText.Length == 0) return false;
        if (goldText == answerText) return true;
        if (goldText.Length > MaxLength || answerText.Length > MaxLength) return false;
        if (AreWords(goldText) && AreWords(answerText)) return string.Equals(goldText, answerText, StringComparison.OrdinalIgnoreCase);
        MathComparison comparison = new();
        foreach ((MathNode goldTree, MathNode answerTree) in Readings(gold, answer))
            if (comparison.AreEqual(goldTree, answerTree)) return true;
        return false;
    }

    // Thousands separators or not, a decimal comma or not: "1,234" and "1,22" can be read in two ways.
    private static IEnumerable<(MathNode, MathNode)> Readings(string gold, string answer)
    {
        List<MathNode> golds = Trees(gold), answers = Trees(answer);
        foreach (MathNode goldTree in golds)
            foreach (MathNode answerTree in answers)
                yield return (goldTree, answerTree);
    }

    private static List<MathNode> Trees(string text)
    {
        text = text.Length > 2 * MaxLength ? text[..(2 * MaxLength)] : text;
        List<MathNode> trees = [];
        if (MathParser.Parse(text) is { } tree) trees.Add(tree);
        if (!text.Contains(',', StringComparison.Ordinal)) return trees;
        if (MathParser.Parse(text, joinThousands: false) is { Kind: not MathKind.Number } list) trees.Add(list);
        if (HasDecimalComma(text.Trim().Trim('$')) && MathParser.Parse(text.Replace(',', '.')) is { } number) trees.Add(number);
        return trees;
    }

    // "0,111" and "1,22", not "1,2", which is more often a list.
    private static bool HasDecimalComma(string text)
    {
        int comma = text.IndexOf(',', StringComparison.Ordinal);
        return comma > 0 && text.Length - comma > 2 && text[(comma + 1)..].All(char.IsAsciiDigit) && text[..comma].TrimStart('-').All(char.IsAsciiDigit)
            && (text.Length - comma != 4 || text[..comma] == "0");
    }

    private static bool AreWords(string text) => text.Length > 1 && text.All(c => char.IsLetter(c) || c is '-' or '\'') && text.Any(char.IsLetter);

    /// <summary>The text without what does not matter: spaces, dollars, size and style commands, braces around one character, a full stop at the end.</summary>
    internal static string Canonical(string text)
    {
        StringBuilder result = new(Math.Min(text.Length, MaxLength));
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            // A space between digits stays: "4 2" is not "42".
            if (char.IsWhiteSpace(c) && result.Length > 0 && char.IsAsciiDigit(result[^1]) && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1])) result.Append(' ');
            if (char.IsWhiteSpace(c) || c == '$' || c == '"') continue;
            if (c != '\\' || i + 1 == text.Length)
            {
                if (c != '\\') result.Append(c);
                continue;
            }
            if (!char.IsAsciiLetter(text[i + 1]))
            {
                if (text[i + 1] is '{' or '}') result.Append('\\').Append(text[i + 1]);
                else if (text[i + 1] == '\\') result.Append("\\\\");
                else if (text[i + 1] is '%' or '|') result.Append(text[i + 1]);
                i++;
                continue;
            }
            int end = i + 1;
            while (end < text.Length && char.IsAsciiLetter(text[end])) end++;
            string name = text[(i + 1)..end];
            i = end - 1;
            if (name is "dfrac" or "tfrac" or "cfrac") name = "frac";
            if (MathVocabulary.Wrappers.Contains(name) && end < text.Length && text[end] == '{' && BoxedText.Close(text.AsSpan(end, Math.Min(200, text.Length - end)), 0) is > 0 and var close)
            {
                result.Append(string.Concat(text.AsSpan(end + 1, close - 1).ToString().Where(x => !char.IsWhiteSpace(x))));
                i = end + close;
            }
            else if (!MathVocabulary.Passed.Contains(name)) result.Append('\\').Append(name);
        }
        while (result.Length > 1 && result[^1] is '.' or ',') result.Length--;
        if (result is { Length: > 2 } && result[0] == '{' && BoxedText.Close(result.ToString(), 0) == result.Length - 1) result.Remove(result.Length - 1, 1).Remove(0, 1);
        return result.ToString();
    }
}
