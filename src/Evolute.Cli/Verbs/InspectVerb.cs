using System.Globalization;
using Evolute.Cli.Flags;
using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Evolution;
using Evolute.Generation;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Cli.Verbs;

/// <summary>Shows what a model is: its spec, tensors, memory and fingerprint.</summary>
internal sealed class InspectVerb : Verb
{
    private readonly Flag<string?> _model;
    private readonly Flag<int> _threads, _batchSize, _tokens;
    private readonly Flag<IReadOnlyList<string>> _trainOnly, _freeze;
    private readonly Flag<PackedType> _packed;
    private readonly Flag<NoiseForm> _noise;
    private readonly Flag<int?> _rank, _population;
    private readonly Flag<bool> _json;

    public InspectVerb() : base("inspect", "Show a model's spec, parameters, tensors, the memory it will need, and its fingerprint.")
    {
        _model = Add(CommonFlags.Model());
        _threads = Add(CommonFlags.Threads());
        _packed = Add(CommonFlags.Packed());
        _batchSize = Add(FlagKinds.Integer("batch-size", "sequences in flight that memory is predicted for; 0 for what suits the device", 0, 0, 1 << 16));
        _tokens = Add(FlagKinds.Integer("tokens", "tokens of a sequence that memory is predicted for, prompt and answer together", 1024, 1));
        EvolutionSettings e = new();
        _noise = Add(FlagKinds.Enumeration("noise", "form of the noise that memory is predicted for; only low-rank noise needs memory of its own", NoiseForm.Full));
        _rank = Add(FlagKinds.OptionalInteger("rank", "r of --noise low-rank (default 1)"));
        _population = Add(FlagKinds.OptionalInteger("population", $"members of a population with --noise low-rank (default {e.Population})"));
        _trainOnly = Add(CommonFlags.TrainOnly());
        _freeze = Add(CommonFlags.Freeze());
        _json = Add(CommonFlags.Json());
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["evolute inspect", "evolute inspect --model ./Qwen2.5-0.5B --json", "evolute inspect --train-only '*.self_attn.*'", "evolute inspect --noise low-rank --population 1024"];

    /// <inheritdoc/>
    public override int Run(VerbCall call)
    {
        ModelDirectory directory = ModelDirectory.Open(ModelFolder.Of(call, call.Get(_model)));
        ParameterSelection parameters = new() { TrainOnly = call.Get(_trainOnly), Freeze = call.Get(_freeze) };
        parameters.Validate(ModelTensors.Of(directory.Spec));
        Peak peak = PeakOf(call, directory.Spec);
        using WeightTable weights = directory.LoadWeights();
        parameters.ApplyTo(weights);
        call.Cancellation.ThrowIfCancellationRequested();
        string sha256 = WeightsDigest.Sha256(weights);
        if (call.Get(_json)) WriteJson(call, directory, weights, peak, sha256);
        else WriteText(call.Out, directory, weights, peak, sha256);
        return ExitCode.Done;
    }

    private static void WriteJson(VerbCall call, ModelDirectory directory, WeightTable weights, Peak peak, string sha256) => call.WriteJson(new
    {
        Model = directory.Path,
        Spec = Spec(directory.Spec).ToDictionary(p => p.Key, p => p.Value),
        Parameters = weights.ParameterCount,
        TrainedParameters = Trained(weights),
        WeightsSha256 = sha256,
        Memory = new { peak.Memory.Masters, peak.Memory.WorkingCopy, peak.Memory.Seats, peak.Memory.CachePerToken, LowRank = peak.Noise, Peak = peak.Bytes },
        Tensors = weights.Tensors.Select(t => new { t.Name, t.Shape, Stored = t.StoredType.TorchName(), Trained = !t.Frozen }),
    });

    private static void WriteText(TextWriter output, ModelDirectory directory, WeightTable weights, Peak peak, string sha256)
    {
        CpuMemory memory = peak.Memory;
        ModelSpec spec = directory.Spec;
        long trained = Trained(weights), state = trained * sizeof(float);
        output.WriteLine($"{directory.Path}: {spec.Family}, {Count(weights.ParameterCount)} parameters{(trained < weights.ParameterCount ? $", {Count(trained)} of them trained" : "")}");
        output.WriteLine();
        foreach ((string key, object? value) in Spec(spec))
            output.WriteLine($"  {key.Replace('_', ' '),-22} {Shown(value)}");
        output.WriteLine();
        output.WriteLine("Memory on the CPU:");
        output.WriteLine($"  {"master weights",-22} {ByteCount.Text(memory.Masters)}");
        output.WriteLine($"  {"working copies",-22} {memory.Seats} × {ByteCount.Text(memory.WorkingCopy)}");
        output.WriteLine($"  {"keys and values",-22} {ByteCount.Text(memory.CachePerToken)} a token, {CachePerSequence(spec, memory.CachePerToken)}");
        if (peak.Noise is { } noise) output.WriteLine($"  {"low-rank noise",-22} {memory.Seats} × {noise.Together} members × {ByteCount.Text(noise.Member)}, and {ByteCount.Text(noise.Update)} in an update");
        output.WriteLine($"  {"optimizer state",-22} none for sgd, {ByteCount.Text(state)} for momentum, {ByteCount.Text(2 * state)} for adam, {ByteCount.Text(state)} more with an anchor; on top of the peak");
        output.WriteLine($"  {"peak",-22} {ByteCount.Text(peak.Bytes)} with {peak.Sequences} sequences of {peak.Tokens} tokens in flight (--batch-size, --tokens)");
        output.WriteLine();
        TextTable table = new("tensor", "shape", "stored as", "elements");
        foreach (WeightTensor tensor in weights.Tensors)
            table.Add(tensor.Name, string.Join(" × ", tensor.Shape), tensor.StoredType.TorchName() + (tensor.Frozen ? ", frozen" : ""), Count(tensor.Length));
        table.Write(output);
        output.WriteLine();
        output.WriteLine($"weights_sha256 {sha256}");
    }

    private static long Trained(WeightTable weights) => weights.Tensors.Where(t => !t.Frozen).Sum(t => t.Length);

    private Peak PeakOf(VerbCall call, ModelSpec spec)
    {
        int threads = call.Get(_threads), batchSize = call.Get(_batchSize), tokens = Math.Min(call.Get(_tokens), spec.MaxPositions);
        CpuMemory memory = CpuMemory.Of(spec, threads, call.Get(_packed));
        int perSeat = batchSize == 0 ? CpuEngine.SuitableSlotsOf(memory.Seats) : (batchSize + memory.Seats - 1) / memory.Seats;
        LowRankMemory? noise = NoiseOf(call, spec, memory.Seats, threads, perSeat);
        return new(memory, noise, memory.Peak(spec, perSeat, tokens, perSeat + Generator.PrefillRows, noise), perSeat * memory.Seats, tokens);
    }

    private LowRankMemory? NoiseOf(VerbCall call, ModelSpec spec, int seats, int threads, int slots)
    {
        NoiseForm form = call.Get(_noise);
        if (form != NoiseForm.LowRank)
        {
            foreach (Flag<int?> flag in (Flag<int?>[])[_rank, _population])
                if (call.Has(flag)) throw new EvoluteInputException($"{flag.Display} does nothing with {_noise.Display} {FlagKinds.NameOf(form)}; leave it out, or give {_noise.Display} {FlagKinds.NameOf(NoiseForm.LowRank)}.");
            return null;
        }
        EvolutionSettings e = new();
        e = e with { Population = call.Get(_population) ?? e.Population, Noise = NoiseKind.LowRank(call.Get(_rank) ?? NoiseKind.Of(form).Rank) };
        e.Validate();
        return LowRankMemory.Of(spec, e.Noise.Rank, seats, threads, e.Population, ResponseEvaluation.Places(e.Population, slots));
    }

    private readonly record struct Peak(CpuMemory Memory, LowRankMemory? Noise, long Bytes, int Sequences, int Tokens);

    /// <summary>The spec under the names that config.json has for it.</summary>
    private static IEnumerable<KeyValuePair<string, object?>> Spec(ModelSpec spec) =>
    [
        new("family", spec.Family),
        new("vocabulary_size", spec.VocabularySize),
        new("hidden_size", spec.HiddenSize),
        new("intermediate_size", spec.IntermediateSize),
        new("layers", spec.LayerCount),
        new("encoder_layers", spec.EncoderDecoder?.EncoderLayerCount ?? 0),
        new("relative_buckets", spec.EncoderDecoder?.RelativeBuckets ?? 0),
        new("relative_max_distance", spec.EncoderDecoder?.RelativeMaxDistance ?? 0),
        new("decoder_start_token", spec.EncoderDecoder?.DecoderStartToken),
        new("sliding_layers", Numbers(spec, layer => layer.Slides)),
        new("sliding_window", spec.SlidingWindow),
        new("unturned_layers", Numbers(spec, layer => !layer.Rotates)),
        new("routed_layers", Numbers(spec, layer => layer.Routed)),
        new("experts", spec.Experts?.Count ?? 0),
        new("active_experts", spec.Experts?.Active ?? 0),
        new("expert_size", spec.Experts?.IntermediateSize ?? 0),
        new("shares_sum_to_one", spec.Experts?.SharesSumToOne ?? false),
        new("heads", spec.HeadCount),
        new("key_value_heads", spec.KeyValueHeadCount),
        new("head_size", spec.HeadSize),
        new("max_positions", spec.MaxPositions),
        new("rope_theta", spec.Rope.Theta),
        new("rope_scaling", spec.Rope.Scaling.ToString().ToLowerInvariant()),
        new("rope_factor", spec.Rope.Factor),
        new("rope_share", spec.Rope.Share),
        new("sliding_rope_theta", (spec.SlidingRope ?? spec.Rope).Theta),
        new("activation", spec.Activation == Activation.GeluTanh ? "gelu_pytorch_tanh" : spec.Activation.ToString().ToLowerInvariant()),
        new("gated", spec.Gated),
        new("norm_epsilon", spec.NormEpsilon),
        new("unit_offset_norms", spec.UnitOffsetNorms),
        new("norms_after", spec.NormsAfter),
        new("query_key_norm", spec.QueryKeyNorm),
        new("qkv_bias", spec.QkvBias),
        new("output_bias", spec.OutputBias),
        new("mlp_bias", spec.MlpBias),
        new("fused_projections", spec.FusedProjections),
        new("attention_scale", spec.AttentionScale),
        new("attention_soft_cap", spec.AttentionSoftCap),
        new("logit_soft_cap", spec.LogitSoftCap),
        new("embedding_scale", spec.EmbeddingScale),
        new("output_scale", spec.OutputScale),
        new("tied_embeddings", spec.TiedEmbeddings),
        new("end_tokens", spec.EndTokens),
    ];

    private static string CachePerSequence(ModelSpec spec, long perToken) => spec.EncoderDecoder is null
        ? $"{ByteCount.Text(perToken * spec.MaxPositions)} a sequence of {spec.MaxPositions}"
        : $"{ByteCount.Text(2 * perToken * spec.MaxPositions)} an input and an answer of {spec.MaxPositions} each";

    /// <summary>The layers, counted from 0, of which something holds.</summary>
    private static int[] Numbers(ModelSpec spec, Predicate<LayerSpec> holds) => [.. Enumerable.Range(0, spec.LayerCount).Where(i => holds(spec.Layers[i]))];

    private static string? Shown(object? value) => value switch
    {
        IEnumerable<int> list => list.Any() ? string.Join(", ", list) : "none",
        bool yes => yes ? "yes" : "no",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
