using Evolute.Engines.Cpu;
using Evolute.Models;

namespace Evolute.Tests.Engines;

public class CpuMemoryTests
{
    // An untied embedding is read from the masters, row by row; a tied one is the head's working copy.
    [Theory]
    [InlineData("qwen2_tied"), InlineData("qwen2_untied"), InlineData("llama_untied"), InlineData("t5"), InlineData("t5_v1_1")]
    public void A_working_copy_has_every_matrix_once_but_no_untied_embedding(string name)
    {
        GoldenModel model = new(name);
        using WeightTable weights = model.LoadWeights();
        long matrices = weights.Tensors.Where(t => t.Shape.Count == 2).Sum(t => t.Length), embedding = weights[ModelTensors.Embedding(model.Spec)].Length;
        CpuMemory memory = CpuMemory.Of(model.Spec, threads: 2);
        Assert.Equal(4 * (model.Spec.TiedEmbeddings ? matrices : matrices - embedding), memory.WorkingCopy);
        Assert.Equal(4 * weights.ParameterCount, memory.Masters);
        using CpuEngine engine = new(model.Spec, model.LoadWeights(), 2);
        Assert.Equal(engine.Seats, memory.Seats);
    }
}
