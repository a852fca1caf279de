namespace Evolute.Runs;

/// <summary>From a run's history to its picture.</summary>
internal static class RunCurves
{
    public static void Write(string path, RunHistory history, RunSettings settings)
    {
    }
}
