using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>Runs the tool within this process and does something at the moment when a line of progress appears.</summary>
internal sealed class LineHook(Func<string, bool> wanted, Action act) : StringWriter
{
    private bool _done;

    /// <summary>Runs it, and acts once at the <paramref name="nth"/> line that begins like this.</summary>
    public static ToolResult Call(string begins, int nth, Action act, params string[] args)
    {
        int seen = 0;
        using LineHook error = new(line => line.StartsWith(begins, StringComparison.Ordinal) && ++seen == nth, act);
        ToolResult result = Tool.CallWith("", error, CancellationToken.None, args);
        Assert.True(error._done, $"There was no line '{begins}': {error}");
        return result;
    }

    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (_done || !wanted(value ?? "")) return;
        _done = true;
        act();
    }
}
