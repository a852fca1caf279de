namespace Evolute.Tasks;

/// <summary>Which problems of a task: no problem is in two splits.</summary>
public enum TaskSplit
{
    /// <summary>Problems that rewards are trained on.</summary>
    Train,

    /// <summary>Problems that choose between settings and checkpoints.</summary>
    Validation,

    /// <summary>Problems that are measured once, at the end, and choose nothing.</summary>
    Test,
}
