using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>A finished run for the tests of one class.</summary>
public sealed class FinishedRun : IDisposable
{
    private readonly TempFolder _temp = new();

    public FinishedRun()
    {
        ToolResult result = Tool.Call(Settings.Train(Folder));
        Assert.True(result.Code == 0, result.Error);
    }

    internal static TinyRun Settings { get; } = new() { CheckpointEvery = 1 };

    /// <summary>The run's folder.</summary>
    public string Folder => _temp["run"];

    /// <summary>The run's folder again, for a test that damages it.</summary>
    public string CopyTo(string folder)
    {
        Folders.Copy(Folder, folder);
        return folder;
    }

    public void Dispose() => _temp.Dispose();
}
