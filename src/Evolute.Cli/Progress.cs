using System.Globalization;
using Spectre.Console;

namespace Evolute.Cli;

/// <summary>
/// How long work tells that it goes on, always on standard error: a bar with rate and time left where a person watches, plain lines elsewhere.
/// </summary>
internal abstract class Progress(long total, TimeProvider clock)
{
    private readonly object _gate = new();
    private readonly long _start = clock.GetTimestamp();

    /// <summary>Units done.</summary>
    public long Done { get; private set; }

    /// <summary>Units in all.</summary>
    protected long Total => total;

    /// <summary>Runs <paramref name="work"/> with a progress that fits where standard error goes.</summary>
    /// <param name="streams">Where to tell.</param>
    /// <param name="what">What is being done, e.g. <c>Training</c>.</param>
    /// <param name="unit">What is counted, in the plural, e.g. <c>iterations</c>.</param>
    /// <param name="total">How many there are in all, at least 1.</param>
    /// <param name="work">The work; it calls <see cref="Advance"/>.</param>
    public static void Run(ToolStreams streams, string what, string unit, long total, Action<Progress> work)
    {
        if (streams.ErrorIsTerminal && Terminal() is { Profile.Capabilities.Ansi: true } console) BarProgress.Run(console, what, unit, total, work);
        else work(new LineProgress(streams.Error, what, unit, total, TimeProvider.System));
    }

    /// <summary>Counts <paramref name="units"/> as done, and shows it; from any thread.</summary>
    /// <param name="units">How many.</param>
    /// <param name="status">A few words on how it stands, e.g. <c>reward 0.41</c>.</param>
    public void Advance(long units = 1, string status = "")
    {
        lock (_gate)
        {
            Done += units;
            Show(units, status);
        }
    }

    /// <summary>Writes a sentence that stays.</summary>
    public abstract void Note(string sentence);

    /// <summary>Shows the state after <see cref="Done"/> moved.</summary>
    protected abstract void Show(long units, string status);

    /// <summary><c>2.4 a second, 1 min 15 s left</c>; empty at the beginning.</summary>
    protected string Pace()
    {
        double seconds = clock.GetElapsedTime(_start).TotalSeconds;
        if (Done == 0 || seconds <= 0) return "";
        double rate = Done / seconds;
        string speed = rate >= 1 ? Number(rate) + " a second" : Number(1 / rate) + " s each";
        return Done >= total ? speed : $"{speed}, {Duration((total - Done) / rate)} left";
    }

    /// <summary>A time for people: <c>12 s</c>, <c>3 min 20 s</c>, <c>2 h 5 min</c>.</summary>
    internal static string Duration(double seconds)
    {
        long s = (long)Math.Ceiling(Math.Min(seconds, 1e9));
        return s < 60 ? $"{s} s" : s < 3600 ? $"{s / 60} min {s % 60} s" : $"{s / 3600} h {s % 3600 / 60} min";
    }

    private static string Number(double value) => value.ToString(value >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture);

    // Only of the console's own writer does Spectre know that it is a terminal; that standard output may be redirected is no matter.
    private static IAnsiConsole Terminal() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error), Interactive = InteractionSupport.Yes });
}
