using System.Globalization;
using Spectre.Console;

namespace Evolute.Cli;

/// <summary>Progress as a bar that is drawn over and over.</summary>
internal sealed class BarProgress : Progress
{
    private readonly IAnsiConsole _console;
    private readonly ProgressTask _task;
    private readonly string _what, _unit;

    private BarProgress(IAnsiConsole console, ProgressTask task, string what, string unit, long total) : base(total, TimeProvider.System) =>
        (_console, _task, _what, _unit) = (console, task, what, unit);

    public static void Run(IAnsiConsole console, string what, string unit, long total, Action<Progress> work) => console
        .Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
        .Start(context => work(new BarProgress(console, context.AddTask(Markup.Escape(what), maxValue: total), what, unit, total)));

    /// <inheritdoc/>
    public override void Note(string sentence) => _console.WriteLine(sentence);

    /// <inheritdoc/>
    protected override void Show(long units, string status)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{_what}: {Done} of {Total} {_unit}");
        _task.Description = Markup.Escape(string.Join(", ", ((string[])[text, Pace(), status]).Where(s => s.Length > 0)));
        _task.Increment(units);
    }
}
