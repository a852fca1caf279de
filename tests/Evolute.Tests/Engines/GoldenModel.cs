using System.Text.Json;
using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Tests.Engines;

/// <summary>A tiny model of the reference material with the outputs that transformers computed for it.</summary>
internal sealed class GoldenModel
{
    /// <summary>The decoder-only ones.</summary>
    public static readonly string[] Decoders =
    [
        "qwen2_tied", "qwen2_untied", "qwen2_tied_bf16", "qwen2_tied_v5", "qwen3", "qwen3_moe",
        "llama3_rope", "llama3_rope_bf16", "llama3_rope_v5", "llama_untied", "llama_untied_sharded", "llama_linear", "llama_yarn",
        "mistral", "mixtral", "gemma", "gemma2", "gemma2_bf16", "gemma3", "gemma3_v5", "phi3", "phi3_longrope",
    ];

    private readonly ModelDirectory _directory;

    public GoldenModel(string name)
    {
        string path = SharedFixtures.Path("fixtures", "golden", name);
        _directory = ModelDirectory.Open(path);
        Expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(path, "golden.json"))).RootElement;
    }

    public JsonElement Expected { get; }

    public ModelSpec Spec => _directory.Spec;

    public WeightTable LoadWeights() => _directory.LoadWeights();

    public CpuEngine Engine(int threads = 1, int? lanes = null, bool? sideBySide = null) =>
        new(Spec, LoadWeights(), threads, lanes is { } width ? CpuKernels.OfWidth(width) : CpuKernels.Best, sideBySide);

    /// <summary>The logits of every row of one sequence, for a member or the masters.</summary>
    public static List<float[]> Logits(IEngine engine, int[] ids, Perturbation? member = null, float sigma = 0)
    {
        engine.Reserve(1, ids.Length, ids.Length);
        engine.Prepare(0, member, sigma);
        StepBatch batch = new(ids.Length);
        for (int i = 0; i < ids.Length; i++) batch.Add(ids[i], 0, i, RowOutput.Logits);
        engine.Step(0, batch);
        return batch.Logits;
    }

    public static uint[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToUInt32Bits)];

    public static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetInt32())];

    public static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetSingle())];
}
