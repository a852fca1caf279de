using Evolute.Cli.Flags;
using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Generation;
using Evolute.Noise;

namespace Evolute.Cli.Verbs;

/// <summary>Continues prompts.</summary>
internal sealed class GenerateVerb : Verb
{
    private readonly Flag<string?> _model;
    private readonly Flag<IReadOnlyList<string>> _prompt, _stop;
    private readonly Flag<IReadOnlyList<int[]>> _inputIds;
    private readonly Flag<int> _maxNewTokens, _stopLoops, _topK, _batchSize, _threads;
    private readonly Flag<double> _temperature, _topP;
    private readonly Flag<ulong> _seed;
    private readonly Flag<bool> _ignoreEos, _chat, _json;
    private readonly Flag<string> _device;
    private readonly Flag<PackedType> _packed;

    public GenerateVerb() : base("generate", "Continue prompts.")
    {
        _model = Add(CommonFlags.Model());
        _prompt = Add(FlagKinds.Texts("prompt", "the text to continue", "TEXT"));
        _chat = Add(FlagKinds.Switch("chat", "take the prompt as what a user says, in the model's chat template"));
        _inputIds = Add(FlagKinds.TokenIds("input-ids", "the tokens to continue"));
        _maxNewTokens = Add(FlagKinds.Integer("max-new-tokens", "most new tokens of an answer", 128, 1));
        _temperature = Add(FlagKinds.Number("temperature", "0 takes the likeliest token each time; more samples", 0, 0, 100));
        _topK = Add(FlagKinds.Integer("top-k", "sample from the k likeliest tokens only; 0 for all", 0));
        _topP = Add(FlagKinds.Number("top-p", "sample from the likeliest tokens that together reach this probability", 1, 0, 1));
        _seed = Add(FlagKinds.Seed("seed", "of the random numbers: the same seed, the same answers", 0));
        _stop = Add(FlagKinds.Texts("stop", "a text that ends the answer; it stays in it", "TEXT"));
        _stopLoops = Add(CommonFlags.StopLoops());
        _ignoreEos = Add(FlagKinds.Switch("ignore-eos", "go on past the model's end tokens"));
        _packed = Add(CommonFlags.Packed());
        _batchSize = Add(CommonFlags.BatchSize());
        _threads = Add(CommonFlags.Threads());
        _device = Add(CommonFlags.Device());
        _json = Add(CommonFlags.Json());
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        """evolute generate --prompt "Once upon a time" --max-new-tokens 50""",
        """evolute generate --model ./Qwen2.5-0.5B-Instruct --chat --prompt "Why is the sky blue?" """.TrimEnd(),
        """evolute generate --model ./Qwen2.5-0.5B --prompt "1, 2, 3," --temperature 0.7 --top-p 0.9 --seed 1""",
        "evolute generate --input-ids 1,2,3 --input-ids 4,5 --json",
    ];

    /// <inheritdoc/>
    public override int Run(VerbCall call)
    {
        GenerationSettings settings = Settings(call);
        bool chat = call.Get(_chat);
        if (chat && call.Has(_inputIds)) throw new EvoluteInputException("--chat wraps texts; give it --prompt, not --input-ids.");
        PromptInput input = PromptInput.Read(call, _model, _prompt, _inputIds, chat);
        if (settings.StopStrings.Count > 0 && input.Tokenizer is null) throw new EvoluteInputException($"{input.Model.Path}: there is no tokenizer.json, and --stop needs one.");
        foreach (int[] ids in input.Sequences) TokenWindow.Check(input.Model.Spec, ids, settings.MaxNewTokens);
        using CpuEngine engine = new(input.Model.Spec, input.Model.LoadWeightsInterruptibly(call.Cancellation), call.Get(_threads), call.Get(_packed));
        Generator generator = new(engine, input.Tokenizer, call.Get(_batchSize));
        if (call.Get(_json)) WriteJson(call, engine, generator, input, settings);
        else WriteText(call, engine, generator, input, settings);
        return ExitCode.Done;
    }

    private GenerationSettings Settings(VerbCall call)
    {
        GenerationSettings settings = new()
        {
            MaxNewTokens = call.Get(_maxNewTokens),
            Sampling = new SamplingSettings((float)call.Get(_temperature), call.Get(_topK), (float)call.Get(_topP)),
            StopStrings = call.Get(_stop),
            StopLoops = call.Get(_stopLoops),
            IgnoreEndTokens = call.Get(_ignoreEos),
        };
        settings.Validate();
        return settings;
    }

    private void WriteJson(VerbCall call, CpuEngine engine, Generator generator, PromptInput input, GenerationSettings settings)
    {
        IReadOnlyList<int[]> prompts = input.Sequences;
        Completion[] completions = [];
        Progress.Run(call.Streams, "Generating", "answers", prompts.Count, progress => completions = PromptBatch.Run(
            engine, generator, prompts, settings, NoiseKey.Of(call.Get(_seed), 0, 0, NoiseDomain.TokenSampling), (_, _) => progress.Advance(), streamed: null, call.Cancellation));
        call.WriteJson(new
        {
            Prompts = completions.Select((c, i) => new
            {
                InputIds = prompts[i],
                c.OutputIds,
                c.Text,
                FinishReason = c.Finish == FinishReason.Stop ? "stop" : "length",
            }),
        });
    }

    private void WriteText(VerbCall call, CpuEngine engine, Generator generator, PromptInput input, GenerationSettings settings)
    {
        PromptTexts texts = new(call.Out, input.Sequences.Count, call.Streams.OutIsTerminal);
        PromptBatch.Run(engine, generator, input.Sequences, settings, NoiseKey.Of(call.Get(_seed), 0, 0, NoiseDomain.TokenSampling), Completed, texts.Append, call.Cancellation);

        void Completed(int prompt, Completion completion)
        {
            if (input.Tokenizer is null) texts.Append(prompt, string.Join(',', completion.OutputIds));
            texts.Finish(prompt);
        }
    }
}
