using System.Globalization;
using Evolute.Cli.Flags;
using Evolute.Engines.Cpu;
using Evolute.Generation;
using Evolute.Models;

namespace Evolute.Cli.Verbs;

/// <summary>Gives the log-probabilities of given tokens.</summary>
internal sealed class ScoreVerb : Verb
{
    private readonly Flag<string?> _model;
    private readonly Flag<IReadOnlyList<int[]>> _inputIds;
    private readonly Flag<int> _batchSize, _threads;
    private readonly Flag<string> _device;
    private readonly Flag<bool> _json;

    public ScoreVerb() : base("score", "Give the log-probability of every token of given sequences.")
    {
        _model = Add(CommonFlags.Model());
        _inputIds = Add(FlagKinds.TokenIds("input-ids", "token ids of a sequence"));
        _batchSize = Add(FlagKinds.Integer("batch-size", "sequences side by side: memory and speed only", 8, 1, 1 << 16));
        _threads = Add(CommonFlags.Threads());
        _device = Add(CommonFlags.Device());
        _json = Add(CommonFlags.Json());
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["evolute score --input-ids 1,2,3", "evolute score --model ./Qwen2.5-0.5B --input-ids 1,2,3 --input-ids 9,8 --json"];

    /// <inheritdoc/>
    public override int Run(VerbCall call)
    {
        IReadOnlyList<int[]> sequences = call.Get(_inputIds);
        if (sequences.Count == 0) throw new EvoluteInputException("'evolute score' wants --input-ids; see 'evolute score --help'.");
        ModelDirectory directory = ModelDirectory.Open(ModelFolder.Of(call.Get(_model)));
        foreach (int[] ids in sequences) TokenWindow.Check(directory.Spec, ids, newTokens: 0);
        using CpuEngine engine = new CpuEngine(directory.Spec, directory.LoadWeights(), call.Get(_threads));
        engine.Prepare(0, null, 0);
        IReadOnlyList<SequenceScore> scores = new SequenceScorer(engine, call.Get(_batchSize)).Score(0, sequences, call.Cancellation);
        if (call.Get(_json))
            call.WriteJson(new { Prompts = scores.Select(s => new { Logprobs = s.LogProbabilities.Select(p => (float?)p).Prepend(null), s.LastLogits }) });
        else WriteText(call.Out, sequences, scores);
        return ExitCode.Done;
    }

    private static void WriteText(TextWriter output, IReadOnlyList<int[]> sequences, IReadOnlyList<SequenceScore> scores)
    {
        for (int i = 0; i < scores.Count; i++)
        {
            float[] logs = scores[i].LogProbabilities;
            TextTable table = new("token", "log-probability");
            for (int t = 0; t < sequences[i].Length; t++)
                table.Add(sequences[i][t].ToString(CultureInfo.InvariantCulture), t == 0 ? "" : Number(logs[t - 1]));
            table.Write(output);
            output.WriteLine(logs.Length == 0 ? "" : $"  sum {Number(logs.Sum(p => (double)p))}, perplexity {Number(Math.Exp(-logs.Average(p => (double)p)))}");
            output.WriteLine();
        }
    }

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
