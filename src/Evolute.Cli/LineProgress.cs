using System.Globalization;

namespace Evolute.Cli;

/// <summary>Progress as plain lines: at most one every ten seconds, and one at the end; nothing of work that is shorter.</summary>
internal sealed class LineProgress(TextWriter output, string what, string unit, long total, TimeProvider clock) : Progress(total, clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _clock = clock;
    private long _last = clock.GetTimestamp();
    private bool _shown;

    /// <inheritdoc/>
    public override void Note(string sentence) => output.WriteLine(sentence);

    /// <inheritdoc/>
    protected override void Show(long units, string status)
    {
        if (_clock.GetElapsedTime(_last) < Interval && (Done < Total || !_shown)) return;
        _shown = true;
        _last = _clock.GetTimestamp();
        string line = string.Create(CultureInfo.InvariantCulture, $"{what}: {Done} of {Total} {unit}");
        output.WriteLine(string.Join(", ", ((string[])[line, Pace(), status]).Where(s => s.Length > 0)));
    }
}
