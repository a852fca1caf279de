using Evolute.Engines.Cpu.Kernels;
using Evolute.Numerics;

namespace Evolute.Engines.Cpu;

/// <summary>From logits to a token or a log-probability, in one fixed order of operations.</summary>
internal sealed unsafe class TokenChoice(CpuKernels kernels, int vocabularySize) : IDisposable
{
    private const int SumBlock = 1024;

    private readonly NativeBuffer _weights = new(Panel.Padded(vocabularySize));
    private readonly int[] _order = new int[vocabularySize];
    private readonly float[] _sorted = new float[vocabularySize];

    /// <summary>The next token. Only for sampling does <paramref name="draw"/>, uniform in [0, 1), matter.</summary>
    public int Choose(float* logits, SamplingSettings settings, double draw)
    {
        if (settings.IsGreedy) return kernels.ArgMax(logits, vocabularySize);
        float* w = _weights.Data;
        new ReadOnlySpan<float>(logits, vocabularySize).CopyTo(new Span<float>(w, vocabularySize));
        kernels.Softmax(w, vocabularySize, 1 / settings.Temperature);
        if (settings.TopK == 0 && settings.TopP >= 1)
        {
            for (int i = 0; i < vocabularySize; i++) _order[i] = i;
            return Draw(vocabularySize, draw);
        }
        for (int i = 0; i < vocabularySize; i++)
        {
            _order[i] = i;
            _sorted[i] = -w[i];
        }
        // Introsort is not stable; equal weights are put in order of their tokens, so that the result has one definition.
        Array.Sort(_sorted, _order);
        SortTies();
        int kept = settings.TopK == 0 ? vocabularySize : Math.Min(settings.TopK, vocabularySize);
        return Draw(Nucleus(kept, settings.TopP), draw);
    }

    /// <summary>ln p(token).</summary>
    public float LogProbability(float* logits, int token)
    {
        int top = kernels.ArgMax(logits, vocabularySize);
        double sum = 0;
        float* w = _weights.Data;
        for (int first = 0; first < vocabularySize; first += SumBlock)
        {
            int n = Math.Min(SumBlock, vocabularySize - first);
            for (int i = 0; i < n; i++) w[i] = logits[first + i] - logits[top];
            for (int i = 0; i < n; i++) sum += PortableMath.Exp(w[i]);
        }
        return (float)((double)logits[token] - logits[top] - PortableMath.Log(sum));
    }

    public void Dispose() => _weights.Dispose();

    private void SortTies()
    {
        for (int first = 0; first < vocabularySize;)
        {
            int end = first + 1;
            while (end < vocabularySize && _sorted[end] == _sorted[first]) end++;
            if (end - first > 1) Array.Sort(_order, first, end - first);
            first = end;
        }
    }

    /// <summary>How many of the likeliest <paramref name="kept"/> tokens reach the share <paramref name="topP"/>.</summary>
    private int Nucleus(int kept, float topP)
    {
        double total = 0, sum = 0;
        for (int i = 0; i < kept; i++) total += _weights.Data[_order[i]];
        for (int i = 0; i < kept; i++)
        {
            sum += _weights.Data[_order[i]];
            if (sum >= topP * total) return i + 1;
        }
        return kept;
    }

    private int Draw(int kept, double draw)
    {
        double total = 0, sum = 0;
        for (int i = 0; i < kept; i++) total += _weights.Data[_order[i]];
        for (int i = 0; i < kept; i++)
        {
            sum += _weights.Data[_order[i]];
            if (draw * total < sum) return _order[i];
        }
        return _order[kept - 1];
    }
}
