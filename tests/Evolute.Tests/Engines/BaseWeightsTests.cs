using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;
using Evolute.Noise;
using Evolute.Tests.Models;

namespace Evolute.Tests.Engines;

/// <summary>Evaluating members never touches the weights, so there is nothing to restore and nothing drifts.</summary>
public class BaseWeightsTests
{
    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    public void Ten_thousand_evaluations_leave_every_bit_as_it_was(int threads, bool sideBySide)
    {
        using TempFolder temp = new();
        ModelDirectory model = TinyModel.Create(temp["model"]);
        using CpuEngine engine = new(model.Spec, model.LoadWeights(), threads, CpuKernels.Best, sideBySide);
        string digest = WeightsDigest.Sha256(engine.Weights);
        ulong checksum = engine.Checksum();
        float[] logits = GoldenModel.Logits(engine, [5, 6, 7])[^1];

        int cycles = 10_000 / engine.Seats;
        engine.RunSeats(seat =>
        {
            StepBatch batch = new(1);
            for (int i = 0; i < cycles; i++)
            {
                engine.Prepare(seat, new Perturbation(1, (uint)i, (uint)seat), 0.5f);
                batch.Clear();
                batch.Add(5, 0, 0, RowOutput.Token);
                engine.Step(seat, batch);
            }
        });

        Assert.Equal((digest, checksum), (WeightsDigest.Sha256(engine.Weights), engine.Checksum()));
        Assert.Equal(logits, GoldenModel.Logits(engine, [5, 6, 7])[^1]);
    }
}
