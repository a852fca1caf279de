namespace Evolute.Engines.Cpu;

/// <summary>A seat's way from rows to outputs, with the buffers and caches that it takes.</summary>
internal abstract class ForwardPass : IDisposable
{
    /// <summary>Rows that a step may have.</summary>
    public abstract int Rows { get; }

    /// <summary>Runs a step and fills in the outputs asked for.</summary>
    public abstract void Step(StepBatch batch);

    public abstract void Dispose();
}
