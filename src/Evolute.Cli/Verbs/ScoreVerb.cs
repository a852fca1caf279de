using System.Globalization;
using Evolute.Cli.Flags;
using Evolute.Engines.Cpu;
using Evolute.Generation;
using Evolute.Models;

namespace Evolute.Cli.Verbs;

/// <summary>Gives the log-probabilities of given tokens.</summary>
internal sealed class ScoreVerb : Verb
{
    private const string DecoderInputIds = "decoder-input-ids";

    private readonly Flag<string?> _model;
    private readonly Flag<IReadOnlyList<string>> _text;
    private readonly Flag<IReadOnlyList<int[]>> _inputIds, _decoderInputIds;
    private readonly Flag<int> _batchSize, _threads;
    private readonly Flag<string> _device;
    private readonly Flag<bool> _json;

    public ScoreVerb() : base("score", "Give the log-probability of every token of given sequences.")
    {
        _model = Add(CommonFlags.Model());
        _text = Add(FlagKinds.Texts("text", "the text of a sequence", "TEXT"));
        _inputIds = Add(FlagKinds.TokenIds("input-ids", "token ids of a sequence"));
        _decoderInputIds = Add(FlagKinds.TokenIds(DecoderInputIds, "of a model with an encoder: the decoder's tokens, its start token first; one for each sequence"));
        _batchSize = Add(FlagKinds.Integer("batch-size", "sequences side by side: memory and speed only", 8, 1, 1 << 16));
        _threads = Add(CommonFlags.Threads());
        _device = Add(CommonFlags.Device());
        _json = Add(CommonFlags.Json());
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["""evolute score --text "The sky is blue." """.TrimEnd(), "evolute score --model ./Qwen2.5-0.5B --input-ids 1,2,3 --input-ids 9,8 --json", "evolute score --model ./t5-small --input-ids 13959,1566,12,1 --decoder-input-ids 0,644,4598,1"];

    /// <inheritdoc/>
    public override int Run(VerbCall call)
    {
        PromptInput input = PromptInput.Read(call, _model, _text, _inputIds, chat: false);
        IReadOnlyList<int[]> sequences = Scored(call, input);
        foreach (int[] ids in input.Sequences.Concat(sequences)) TokenWindow.Check(input.Model.Spec, ids, newTokens: 0);
        using CpuEngine engine = new(input.Model.Spec, input.Model.LoadWeightsInterruptibly(call.Cancellation), call.Get(_threads));
        engine.Prepare(0, null, 0);
        IReadOnlyList<SequenceScore> scores = new SequenceScorer(engine, call.Get(_batchSize))
            .Score(0, sequences, engine.Spec.EncoderDecoder is null ? null : input.Sequences, call.Cancellation);
        if (call.Get(_json))
            call.WriteJson(new { Prompts = scores.Select(s => new { Logprobs = s.LogProbabilities.Select(p => (float?)p).Prepend(null), s.LastLogits }) });
        else WriteText(call.Out, input, sequences, scores);
        return ExitCode.Done;
    }

    /// <summary>The sequences whose tokens are scored: with an encoder, which reads the inputs, the decoder's; without a flag that is its start token alone.</summary>
    private IReadOnlyList<int[]> Scored(VerbCall call, PromptInput input)
    {
        EncoderDecoderSpec? sides = input.Model.Spec.EncoderDecoder;
        if (!call.Has(_decoderInputIds)) return sides is null ? input.Sequences : [.. input.Sequences.Select(_ => (int[])[sides.DecoderStartToken])];
        if (sides is null) throw new EvoluteInputException($"{_decoderInputIds.Display}: {input.Model.Path} is a {input.Model.Spec.Family} model, which has no encoder.");
        IReadOnlyList<int[]> given = call.Get(_decoderInputIds);
        return given.Count == input.Sequences.Count
            ? given
            : throw new EvoluteInputException($"{_decoderInputIds.Display} is given {given.Count} times for {input.Sequences.Count} inputs; give it once for each.");
    }

    private static void WriteText(TextWriter output, PromptInput input, IReadOnlyList<int[]> sequences, IReadOnlyList<SequenceScore> scores)
    {
        for (int i = 0; i < scores.Count; i++)
        {
            float[] logs = scores[i].LogProbabilities;
            int[] ids = sequences[i];
            TextTable table = new("id", "token", "log-probability");
            for (int t = 0; t < ids.Length; t++)
                table.Add(ids[t].ToString(CultureInfo.InvariantCulture), input.Tokenizer?.TokenOf(ids[t]) is { } token ? Quoted.Text(token) : "", t == 0 ? "" : Number(logs[t - 1]));
            table.Write(output);
            output.WriteLine(logs.Length == 0 ? "" : $"  sum {Number(logs.Sum(p => (double)p))}, perplexity {Number(Math.Exp(-logs.Average(p => (double)p)))}");
            output.WriteLine();
        }
    }

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
