using Evolute.Engines.Cpu;
using Evolute.Models;
using Evolute.Noise;
using Evolute.Tests.Models;

namespace Evolute.Tests.Engines;

/// <summary>Frozen tensors get no noise, in matrices, vectors and embeddings alike.</summary>
public class FrozenTensorTests
{
    [Theory]
    [InlineData(true), InlineData(false)]
    public void Only_tensors_that_are_not_frozen_are_perturbed(bool tied)
    {
        using TempFolder temp = new();
        ModelDirectory model = TinyModel.Create(temp["model"], tied: tied);
        float[] plain = Logits(model, member: null, _ => false);
        Perturbation member = new(1, 1, 0);
        Assert.Equal(plain, Logits(model, member, _ => true));
        foreach (TensorSpec trained in ModelTensors.Of(model.Spec))
            Assert.NotEqual(plain, Logits(model, member, tensor => tensor.Name != trained.Name));
    }

    private static float[] Logits(ModelDirectory model, Perturbation? member, Func<WeightTensor, bool> frozen)
    {
        WeightTable weights = model.LoadWeights();
        foreach (WeightTensor tensor in weights.Tensors) tensor.Frozen = frozen(tensor);
        using CpuEngine engine = new(model.Spec, weights, 1);
        return GoldenModel.Logits(engine, [5, 6, 7], member, 0.5f)[^1];
    }
}
