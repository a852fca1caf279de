using CsCheck;
using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Engines.Cpu.Kernels;
using Evolute.Generation;
using Evolute.Models;
using Evolute.Noise;
using Evolute.Tests.Engines;
using Evolute.Tests.Models;

namespace Evolute.Tests.Generation;

/// <summary>Prompts that begin alike are computed once as far as they do, and no bit of an answer depends on it.</summary>
public class PrefixSharingTests
{
    private const int Vocabulary = 60;

    private static readonly (string, string?)[] Experts = [("num_experts", "4"), ("num_experts_per_tok", "2"), ("moe_intermediate_size", "16")];

    public static TheoryData<string> Families => ["llama", "qwen2", "qwen3", "smollm3", "gemma2", "gemma3_text", "phi3", "mixtral", "qwen3_moe"];

    [Theory, MemberData(nameof(Families))]
    public void Sharing_changes_no_token_and_saves_rows(string family)
    {
        ModelSpec spec = Spec(family);
        using CpuEngine one = new(spec, TinyModel.Weights(spec), 1), two = new(spec, TinyModel.Weights(spec), 2, CpuKernels.Best, sideBySide: false);
        // A template, its variants and duplicates; the longest ones do not fit a step beside others and come in chunks.
        Gen<int[][]> prompts =
            from template in Gen.Int[0, Vocabulary - 1].Array[1, 150]
            from parts in Gen.Select(Gen.Int[0, template.Length], Gen.Int[0, Vocabulary - 1].Array[0, 20]).Array[1, 9]
            from repeats in Gen.Int[0, parts.Length - 1].Array[0, 5]
            let alike = parts.Select(p => (int[])[.. template[..p.Item1], .. p.Item2, 7]).ToArray()
            select (int[][])[.. alike, .. repeats.Select(i => alike[i])];
        Gen.Select(prompts, Gen.Int[1, 6], Gen.Bool, Gen.Int[1, 12]).Sample((ids, batch, greedy, tokens) =>
        {
            GenerationSettings settings = new() { MaxNewTokens = tokens, Sampling = greedy ? SamplingSettings.Greedy : new(1.5f) };
            var (expected, rows, none) = Run(one, ids, batch, settings, shares: false);
            Assert.Equal(ids.Sum(p => p.Length), rows);
            Assert.Equal(0, none);
            foreach (CpuEngine engine in (CpuEngine[])[one, two])
            {
                var (tokensShared, computed, shared) = Run(engine, ids, batch, settings, shares: true);
                Assert.Equal(expected, tokensShared);
                Assert.Equal(rows, computed + shared);
            }
        }, iter: 12, threads: 1);
    }

    [Fact]
    public void A_prompt_that_many_have_is_computed_once()
    {
        using CpuEngine engine = ConfiguredModel.Engine(Spec("llama"));
        int[] prompt = [.. Enumerable.Range(0, 100).Select(i => i * i % Vocabulary)];
        int[][] prompts = [.. Enumerable.Range(0, 40).Select(i => (int[])[.. prompt, .. i % 2 == 0 ? [] : (int[])[i]])];
        var (_, rows, shared) = Run(engine, prompts, 8, new() { MaxNewTokens = 5, IgnoreEndTokens = true }, shares: true);
        // The first one whole, of the others what is their own or, with nothing of their own, the last token.
        Assert.Equal(100 + 39, rows);
        Assert.Equal(prompts.Sum(p => p.Length) - rows, shared);
    }

    [Fact]
    public void Three_slots_in_a_chain_hold_what_the_first_computes_in_the_same_step()
    {
        ModelSpec spec = Spec("qwen3");
        using CpuEngine engine = ConfiguredModel.Engine(spec), fresh = ConfiguredModel.Engine(spec);
        int[] ids = [.. Enumerable.Range(0, 45).Select(i => (i * 7 + 3) % Vocabulary)];
        engine.Reserve(3, ids.Length, 64);
        engine.Prepare(0, null, 0);
        StepBatch batch = new(64);
        for (int position = 0; position < 21; position++) batch.Add(ids[position], 0, position);
        batch.Shares.Add(new(0, 1, 0, 19));
        for (int position = 19; position < 37; position++) batch.Add(ids[position], 1, position);
        batch.Shares.Add(new(1, 2, 0, 36));
        for (int position = 36; position < 45; position++) batch.Add(ids[position], 2, position, position == 44 ? RowOutput.Logits : RowOutput.None);
        engine.Step(0, batch);
        Assert.Equal(GoldenModel.Bits(GoldenModel.Logits(fresh, ids)[^1]), GoldenModel.Bits(batch.Logits[0]));
    }

    [Fact]
    public void Models_whose_keys_depend_on_more_than_the_prefix_do_not_share()
    {
        ModelSpec spec = ConfiguredModel.Spec("llama", ("rope_scaling", """{"rope_type":"dynamic","factor":4.0}"""), ("max_position_embeddings", "24"));
        Assert.False(spec.SharesPrefixes);
        using CpuEngine engine = ConfiguredModel.Engine(spec);
        int[][] prompts = [[1, 2, 3, 4, 5], [1, 2, 3, 4, 6], [1, 2, 3, 4, 5]];
        Generator generator = new(engine, null, 2);
        PromptBatch.Run(engine, generator, prompts, new() { MaxNewTokens = 3 }, default, stop: TestContext.Current.CancellationToken);
        Assert.Equal(15, generator.PromptRows);
        Assert.Equal(0, generator.SharedTokens);
        StepBatch batch = new(1);
        batch.Shares.Add(new(0, 1, 0, 1));
        Assert.Throws<ArgumentException>(() => engine.Step(0, batch));
    }

    private static ModelSpec Spec(string family) => family switch
    {
        "qwen3" => ConfiguredModel.Spec(family, ("use_sliding_window", "true"), ("max_window_layers", "1"), ("sliding_window", "7")),
        "gemma2" or "gemma3_text" or "phi3" or "mixtral" => ConfiguredModel.Spec(family, ("sliding_window", "7")),
        "qwen3_moe" => ConfiguredModel.Spec(family, Experts),
        // Heads that do not fill a panel of the values.
        "llama" => ConfiguredModel.Spec(family, ("head_dim", "20"), ("num_key_value_heads", "1")),
        _ => ConfiguredModel.Spec(family),
    };

    private static (int[][] Tokens, long Rows, long Shared) Run(CpuEngine engine, int[][] prompts, int batch, GenerationSettings settings, bool shares)
    {
        Generator generator = new(engine, null, batch) { SharesPrefixes = shares };
        generator.Reserve(prompts.Max(p => p.Length), settings.MaxNewTokens);
        engine.Prepare(0, null, 0);
        Completion[] completions = generator.Run(0, prompts, settings, new(NoiseKey.Of(3, 0, 0, NoiseDomain.TokenSampling)), stop: TestContext.Current.CancellationToken);
        return ([.. completions.Select(c => c.OutputIds)], generator.PromptRows, generator.SharedTokens);
    }
}
