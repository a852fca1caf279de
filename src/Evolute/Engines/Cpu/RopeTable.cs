using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;
using Evolute.Numerics;

namespace Evolute.Engines.Cpu;

/// <summary>
/// Cosines and sines [rows][pairs], one row a position, or one a row of a step where frequencies depend on the length of its sequence.
/// Angles are rounded to float32 where transformers rounds them.
/// </summary>
internal sealed unsafe class RopeTable : IDisposable
{
    private readonly RopeSpec _rope;
    private readonly int _headSize;
    private readonly float[] _frequencies;
    private readonly NativeBuffer _cos, _sin;
    private int _context;

    public RopeTable(RopeSpec rope, int headSize, int rows)
    {
        _rope = rope;
        _headSize = headSize;
        Pairs = rope.TurningSize(headSize) / 2;
        _frequencies = new float[Pairs];
        _cos = new NativeBuffer((long)rows * Pairs);
        _sin = new NativeBuffer((long)rows * Pairs);
        _context = rope.ContextOf(0);
        RopeFrequencies.Write(rope, headSize, _context, _frequencies);
    }

    /// <summary>Pairs of a head's dimensions that turn.</summary>
    public int Pairs { get; }

    /// <summary>A table of all positions, for frequencies that are always the same.</summary>
    public static RopeTable OfPositions(RopeSpec rope, int headSize, int positions)
    {
        RopeTable table = new(rope, headSize, positions);
        for (int position = 0; position < positions; position++) table.Set(position, position);
        return table;
    }

    /// <summary>Writes the rows of a step.</summary>
    public void SetRows(SequenceRuns runs)
    {
        for (int i = 0; i < runs.Count; i++)
        {
            SequenceRun run = runs[i];
            int context = _rope.ContextOf(run.Length);
            if (context != _context)
            {
                _context = context;
                RopeFrequencies.Write(_rope, _headSize, context, _frequencies);
            }
            for (int token = 0; token < run.Tokens; token++) Set(run.FirstRow + token, run.FirstPosition + token);
        }
    }

    public float* Cos(int row) => _cos.Data + (long)row * Pairs;

    public float* Sin(int row) => _sin.Data + (long)row * Pairs;

    public void Dispose()
    {
        _cos.Dispose();
        _sin.Dispose();
    }

    private void Set(int row, int position)
    {
        float magnitude = (float)_rope.Magnitude;
        for (int i = 0; i < Pairs; i++)
        {
            float angle = position * _frequencies[i];
            var (sin, cos) = PortableMath.SinCos(angle);
            Cos(row)[i] = (float)cos * magnitude;
            Sin(row)[i] = (float)sin * magnitude;
        }
    }
}
