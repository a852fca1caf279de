using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Evolute.Text.Jinja;

/// <summary>
/// One run of a template: where its text goes, and how much it may still do. A template comes with a model and may be hostile, so
/// every step and every character made is counted.
/// </summary>
/// <param name="messages">How many messages there are: templates that look back from each need steps by their square.</param>
/// <param name="now">What <c>strftime_now</c> takes for now.</param>
internal sealed class Rendering(int messages, DateTime now)
{
    /// <summary>Steps (parts of expressions, rounds, items of lists) that one run may take, and more for each message.</summary>
    public const int BaseSteps = 400_000, StepsPerMessage = 6_000;

    /// <summary>Characters that one run may make, in the output and in between.</summary>
    public const int MaxCharacters = 32_000_000;

    private readonly long _maxSteps = BaseSteps + (long)StepsPerMessage * messages;
    private long _steps = BaseSteps + (long)StepsPerMessage * messages;
    private int _characters = MaxCharacters;

    /// <summary>Where text is written now: the output, or what a macro or a block is caught in.</summary>
    public StringBuilder Output { get; private set; } = new();

    /// <summary>What <c>strftime_now</c> takes for now.</summary>
    public DateTime Now { get; } = now;

    /// <summary>The line of what is being worked on, for messages.</summary>
    public int Line { get; set; }

    /// <summary>Counts steps.</summary>
    public void Step(long count = 1)
    {
        if (count > _steps)
            throw new TemplateException(string.Create(CultureInfo.InvariantCulture, $"the template takes more than {_maxSteps} steps"));
        _steps -= count;
    }

    /// <summary>Counts characters that are about to be made.</summary>
    public void Characters(long count)
    {
        if (count > _characters)
            throw new TemplateException(string.Create(CultureInfo.InvariantCulture, $"the template makes more than {MaxCharacters} characters"));
        _characters -= (int)count;
    }

    /// <summary>Counts a text's characters and returns it.</summary>
    public string Made(string text)
    {
        Characters(text.Length);
        return text;
    }

    public void Write(string text)
    {
        Characters(text.Length);
        Output.Append(text);
    }

    /// <summary>The text that <paramref name="body"/> writes.</summary>
    public string Capture(Action body)
    {
        StringBuilder outer = Output;
        Output = new StringBuilder();
        body();
        string text = Output.ToString();
        Output = outer;
        return text;
    }

    /// <summary>Called at each level of nesting: an error in place of a stack overflow.</summary>
    public static void EnterNesting()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new TemplateException("the template is nested too deep");
    }
}
