using Evolute.Engines.Cpu;
using Evolute.Evolution;
using Evolute.Generation;
using Evolute.Models;

namespace Evolute.Cli.Bench;

/// <summary>Whether a model can be measured as wished: that sequences fit its window, and all of it the machine's memory.</summary>
internal static class BenchMemory
{
    /// <summary>Checks it before anything large is taken.</summary>
    /// <param name="model">The model.</param>
    /// <param name="settings">What is measured.</param>
    /// <param name="peer">What is measured in turn with another program, if anything is.</param>
    /// <param name="available">Bytes that this process may have.</param>
    /// <exception cref="EvoluteInputException">It cannot.</exception>
    public static void Require(BenchModel model, BenchSettings settings, PeerSettings? peer, long available)
    {
        ModelSpec spec = model.Spec;
        if (spec.EncoderDecoder is not null)
            throw new EvoluteInputException($"{model.Config.File}: only decoder-only models are measured, and {spec.Family} has an encoder; choose another --model or --shape.");
        bool prefills = settings.Has(StageNames.Prefill) || peer?.Stage == StageNames.Prefill, decodes = settings.Has(StageNames.Decode) || peer?.Stage == StageNames.Decode;
        int prefilled = prefills ? settings.PrefillTokens + 1 : 1, decoded = decodes ? settings.Context + settings.DecodeSteps : 1;
        bool low = settings.Has(StageNames.Population);
        int iterated = settings.Has(StageNames.Iteration) || low ? settings.PromptTokens + settings.Evolution.MaxNewTokens : 1;
        RequireWindow(prefilled, "--prefill-tokens", spec);
        RequireWindow(decoded, "--context and --decode-steps", spec);
        RequireWindow(iterated, "--prompt-tokens and --max-new-tokens", spec);

        CpuMemory memory = CpuMemory.Of(spec, settings.Threads, settings.Packed);
        int batch = Math.Max(settings.Has(StageNames.Decode) ? settings.Batches.Max() : 1, peer?.Stage == StageNames.Decode ? peer.Batch : 1);
        int slots = PerSeat(batch), generating = settings.Execution.BatchSize == 0 ? CpuEngine.SuitableSlotsOf(memory.Seats) : PerSeat(settings.Execution.BatchSize);
        int population = settings.Evolution.Population;
        // The stage compares noise of rank 1.
        LowRankMemory? noise = low ? LowRankMemory.Of(spec, 1, memory.Seats, settings.Threads, population, ResponseEvaluation.Places(population, generating)) : null;
        Int128 need = MachineLimits.BufferBytes
            + (Int128)memory.Peak(spec, Math.Max(slots, generating), Math.Max(decoded, Math.Max(prefilled, iterated)), Math.Max(slots, generating + Generator.PrefillRows), noise);
        if (need > available)
            throw new EvoluteInputException($"{model.Name} needs {ByteCount.Text((long)Int128.Min(need, long.MaxValue))} of memory to be measured like this, and this machine has {ByteCount.Text(available)}; choose a smaller model or --shape, or smaller --batches.");

        int PerSeat(int sequences) => (sequences + memory.Seats - 1) / memory.Seats;
    }

    private static void RequireWindow(int tokens, string flags, ModelSpec spec)
    {
        if (tokens > spec.MaxPositions) throw new EvoluteInputException($"{flags}: {tokens} tokens are more than the model's window of {spec.MaxPositions}; give less.");
    }
}
