namespace Evolute.Generation;

/// <summary>
/// Seconds that a step takes by its number of rows, as measured so far. Each range of row counts has a running median, which a thread that was put aside for a while does not
/// move; between and beyond what was measured it goes on in straight lines.
/// </summary>
internal sealed class StepCosts
{
    /// <summary>Upper ends of the ranges: half a power of two apart.</summary>
    private static readonly int[] Ends = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024, int.MaxValue];

    private readonly Point[] _points = new Point[Ends.Length];
    private readonly int[] _known = new int[Ends.Length];
    private int _knownCount;

    /// <summary>Whether a step of about so many rows was measured.</summary>
    public bool Knows(int rows) => _points[Range(rows)].Count > 0;

    /// <summary>Takes note of a step.</summary>
    public void Add(int rows, double seconds)
    {
        int range = Range(rows);
        ref Point point = ref _points[range];
        if (point.Count == 0)
        {
            point = new(1, rows, seconds, 0);
            _knownCount = 0;
            for (int i = 0; i < _points.Length; i++) if (_points[i].Count > 0) _known[_knownCount++] = i;
            return;
        }
        // Steps that keep falling on one side of the median pull it the harder, so that it soon follows when costs do change.
        double expected = point.Seconds * rows / point.Rows;
        int side = seconds > expected ? Math.Max(point.Side, 0) + 1 : Math.Min(point.Side, 0) - 1;
        double pulled = point.Seconds * (1 + Math.Clamp(side / 64.0, -0.25, 0.25));
        // The first few steps of a process are slow (code is compiled, memory comes in), so the least of them is where the median starts.
        int count = Math.Min(point.Count + 1, 32);
        point = new(count, point.Rows + (rows - point.Rows) / count, count <= 4 ? Math.Min(point.Seconds, seconds) : pulled, side);
        // More rows never take less, so what was measured long ago gives way to what is new.
        for (int i = 0; i < _points.Length; i++)
            if (i < range ? _points[i].Seconds > point.Seconds : _points[i].Seconds < point.Seconds && _points[i].Count > 0) _points[i] = _points[i] with { Seconds = point.Seconds };
    }

    /// <summary>Seconds of a step of so many rows; something must have been measured.</summary>
    public double Of(int rows)
    {
        int above = 0;
        while (above < _knownCount && _points[_known[above]].Rows < rows) above++;
        if (above == 0) return _points[_known[0]].Seconds;
        Point low = _points[_known[above - 1]];
        if (above < _knownCount)
        {
            Point high = _points[_known[above]];
            return low.Seconds + Math.Max(0, high.Seconds - low.Seconds) * (rows - low.Rows) / (high.Rows - low.Rows);
        }
        // Beyond the last one: on with the slope since half as many rows, or, where nothing that small was measured, as if rows cost nothing, so that it is tried.
        int half = above - 1;
        while (half > 0 && 2 * _points[_known[half]].Rows > low.Rows) half--;
        Point from = _points[_known[half]];
        return 2 * from.Rows > low.Rows ? low.Seconds : low.Seconds + Math.Max(0, low.Seconds - from.Seconds) * (rows - low.Rows) / (low.Rows - from.Rows);
    }

    private static int Range(int rows)
    {
        int range = 0;
        while (rows > Ends[range]) range++;
        return range;
    }

    /// <param name="Count">Steps measured.</param>
    /// <param name="Rows">Their mean number of rows.</param>
    /// <param name="Seconds">The median of their seconds.</param>
    /// <param name="Side">How many of the newest, one after the other, were above it, or, if negative, below.</param>
    private readonly record struct Point(int Count, double Rows, double Seconds, int Side);
}
