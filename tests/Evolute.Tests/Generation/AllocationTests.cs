using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Engines.Cpu.Kernels;
using Evolute.Generation;
using Evolute.Models;
using Evolute.Noise;
using Evolute.Tests.Engines;
using Evolute.Tests.Models;
using Evolute.Tests.Text;
using Evolute.Text;

namespace Evolute.Tests.Generation;

/// <summary>Tests that count what the whole process allocates, and so run alone.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public static class AloneInTheProcess;

/// <summary>Once its sequences are under way, generation allocates nothing: no token costs the garbage collector a byte.</summary>
[Collection(nameof(AloneInTheProcess))]
public class AllocationTests
{
    private const int Slots = 4, NewTokens = 120;

    [Theory]
    [InlineData("none", false, 0, 1f, false, 1)]
    [InlineData("bytes", false, 0, 1f, false, 1)]
    [InlineData("bytes", true, 0, 1f, true, 1)]
    [InlineData("bytes", true, 20, 0.9f, true, 2)]
    [InlineData("pieces", true, 0, 1f, true, 1)]
    [InlineData("pieces", true, 20, 0.9f, false, 2)]
    public void A_token_allocates_nothing(string tokenizer, bool samples, int topK, float topP, bool stops, int threads)
    {
        ModelSpec spec = ConfiguredModel.Spec("qwen2", ("vocab_size", "306"));
        using CpuEngine engine = new(spec, TinyModel.Weights(spec), threads, CpuKernels.Best, sideBySide: false);
        using MeteredEngine metered = new(engine, NewTokens + 4);
        Tokenizer? text = tokenizer switch { "bytes" => SmallTokenizer.Load(), "pieces" => SentencePieceTests.Bytes, _ => null };
        GenerationSettings settings = new()
        {
            MaxNewTokens = NewTokens,
            IgnoreEndTokens = true,
            StopLoops = stops ? 1000 : 0,
            Sampling = samples ? new(2, topK, topP) : SamplingSettings.Greedy,
            StopStrings = stops ? ["aaaaaaaaa", "never said"] : [],
        };
        Generator generator = new(metered, text, Slots);
        int[][] prompts = [.. Enumerable.Range(0, Slots).Select(i => (int[])[5, 6, i])];
        generator.Reserve(3, NewTokens);
        engine.Prepare(0, null, 0);
        // The first time compiles code and learns the tokens' texts; later ones tell, the least of them, since a test's host may allocate at any time.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 20 && least > 0; attempt++)
        {
            metered.Steps = 0;
            Completion[] completions = generator.Run(0, prompts, settings, new(NoiseKey.Of(3, 0, 0, NoiseDomain.TokenSampling)), stop: TestContext.Current.CancellationToken);
            Assert.All(completions, c => Assert.Equal(NewTokens, c.OutputIds.Length));
            Assert.Equal(NewTokens, metered.Steps);
            long allocated = metered.AllocatedBefore(NewTokens - 1) - metered.AllocatedBefore(2);
            if (attempt > 0) least = Math.Min(least, allocated);
        }
        Assert.Equal(0, least);
    }

    /// <summary>An engine that notes what the process has allocated before each step.</summary>
    private sealed class MeteredEngine(IEngine engine, int steps) : IEngine
    {
        private readonly long[] _allocated = new long[steps];

        public int Steps { get; set; }

        public ModelSpec Spec => engine.Spec;

        public WeightTable Weights => engine.Weights;

        public int Seats => engine.Seats;

        public int SuitableSlots => engine.SuitableSlots;

        public long AllocatedBefore(int step) => _allocated[step];

        public void Reserve(int slots, int positions, int rows, int inputs = 0) => engine.Reserve(slots, positions, rows, inputs);

        public void RunSeats(Action<int> body) => engine.RunSeats(body);

        public void Prepare(int seat, Perturbation? perturbation, float sigma, int place = 0, int places = 1) => engine.Prepare(seat, perturbation, sigma, place, places);

        public int MembersTogether(NoiseKind noise) => engine.MembersTogether(noise);
        public void Step(int seat, StepBatch batch)
        {
            _allocated[Steps++] = GC.GetTotalAllocatedBytes(precise: true);
            engine.Step(seat, batch);
        }

        public void ApplyUpdate(WeightStep step) => engine.ApplyUpdate(step);

        public ulong Checksum() => engine.Checksum();

        public void Dispose() { }
    }
}
