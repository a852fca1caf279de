using System.Globalization;

namespace Evolute.Tasks.Countdown;

/// <summary>Phrases a Countdown problem for the model.</summary>
internal static class CountdownPrompt
{
    public const string Paper = "paper";
    public const string Compact = "compact";

    private const string Numbers = "numbers", Target = "target";

    // The structure of the paper's prompt, with its two missing spaces; the model continues inside <think>.
    private const string PaperTemplate =
        "You are a helpful assistant. Reason about the problem in your mind first, and only then give the user its answer."
        + "Using the numbers {numbers}, create an equation that equals {target}. "
        + "The basic operations (+, -, *, /) are allowed, and each number may appear only once. "
        + "Write your work between <think> </think> tags, "
        + "and put the final answer between <answer> </answer> tags, like <answer> (1 + 2) / 3 </answer>."
        + "I will work through this step by step.\n<think>";

    private const string CompactTemplate = "Numbers: {numbers}. Target: {target}.\n<think>";

    /// <summary>The prompt for <paramref name="numbers"/> in their order; <paramref name="target"/> as it is to be read.</summary>
    public static string Render(string template, IReadOnlyList<string> numbers, string target) => template switch
    {
        Paper => Fill(PaperTemplate, Aligned(numbers), target),
        Compact => Fill(CompactTemplate, string.Join(' ', numbers), target),
        _ => Fill(template, string.Join(' ', numbers), target),
    };

    /// <summary>Whether it is a known name, not a wording of one's own.</summary>
    public static bool IsNamed(string template) => template is Paper or Compact;

    /// <exception cref="EvoluteInputException">Neither a known name nor a text with both placeholders.</exception>
    public static void Validate(string template)
    {
        if (IsNamed(template)) return;
        if (!template.Contains('{', StringComparison.Ordinal))
            throw new EvoluteInputException(
                $"Countdown's prompt '{template}' is neither a known name nor a text with {{{Numbers}}} and {{{Target}}}.{Suggestion.For(template, [Paper, Compact])}");
        IReadOnlyList<string> fields = PromptTemplate.Parse(template, "Countdown's prompt").Fields;
        foreach (string part in (string[])[Numbers, Target])
            if (!fields.Contains(part)) throw new EvoluteInputException($"Countdown's prompt lacks {{{part}}}: '{template}'.");
        if (fields.FirstOrDefault(f => f is not (Numbers or Target)) is { } unknown)
            throw new EvoluteInputException($"Countdown's prompt cannot have {{{unknown}}} in it, only {{{Numbers}}} and {{{Target}}}; write {{{{ and }}}} for braces.");
    }

    private static string Fill(string template, string numbers, string target) =>
        PromptTemplate.Parse(template, "Countdown's prompt").Render(field => field == Numbers ? numbers : target);

    // As NumPy prints an array of integers: each right-justified to the width of the widest.
    private static string Aligned(IReadOnlyList<string> numbers)
    {
        int width = numbers.Count == 0 ? 0 : numbers.Max(n => n.Length);
        return string.Create(CultureInfo.InvariantCulture, $"[{string.Join(' ', numbers.Select(n => n.PadLeft(width)))}]");
    }
}
