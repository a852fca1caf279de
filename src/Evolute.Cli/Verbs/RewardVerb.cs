using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Cli.Flags;
using Evolute.Models;
using Evolute.Rewards;
using Evolute.Tasks;
using Evolute.Tasks.Data;

namespace Evolute.Cli.Verbs;

/// <summary>Scores given responses: rows in, rewards out.</summary>
internal sealed class RewardVerb : Verb
{
    private const string ResponseColumn = "response";

    private readonly Argument<string> _task;
    private readonly Flag<string?> _input, _template;
    private readonly Flag<IReadOnlyList<string>> _options;
    private readonly Flag<bool> _json;
    private readonly Flag<IReadOnlyList<string>> _rewards;
    private readonly Flag<string?> _policy;
    private readonly Flag<double> _timeout;

    public RewardVerb() : base("reward", "Score given responses with a task's reward: rows in, one JSON object a row out.")
    {
        _task = AddArgument("TASK", $"one of {string.Join(", ", TaskCatalog.Names)}");
        _input = Add(FlagKinds.Text("input", "rows with 'response' and the task's columns, JSONL or Parquet; - reads JSONL from standard input", "FILE"));
        _template = Add(CommonFlags.PromptTemplate());
        _rewards = Add(RewardFlags.Rewards());
        _policy = Add(RewardFlags.Policy());
        _timeout = Add(RewardFlags.Timeout());
        _options = Add(CommonFlags.TaskOption());
        _json = Add(FlagKinds.Switch("json", "write no summary to standard error (the rows are JSON anyway)"));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "evolute reward countdown --input answers.jsonl",
        """echo '{"response":"<think></think>\n<answer>1+2*3</answer>","numbers":[1,2,3],"target":7}' | evolute reward countdown --input -""",
    ];

    /// <inheritdoc/>
    public override int Run(VerbCall call)
    {
        JsonObject options = TaskOptions.Read(call.Get(_options), _options.Display);
        if (call.Get(_template) is { } template) options["prompt"] = TemplateText.Read(template, _template.Display);
        string name = call.Parsed.GetRequiredValue(_task);
        TuningTask task = TaskCatalog.Create(name, RewardFlags.Options(name, options, call.Get(_rewards)));
        string input = Required(call, _input);
        bool json = call.Get(_json);
        using RewardSet rewards = RewardFlags.Open(call.Get(_rewards), call.Get(_policy), call.Get(_timeout));
        RowScoring scoring = new(task, rewards);
        long rows = 0, correct = 0;
        double sum = 0;
        // Whoever writes a row and waits for its reward must get it.
        foreach ((JsonElement Row, string Place)[] chunk in Rows(call, input).Chunk(input == "-" || rewards.Rewards.Count == 0 ? 1 : RowScoring.Rows))
        {
            foreach (RewardSum result in scoring.Score([.. chunk.Select(r => (task.FromRow(r.Row, r.Place), TaskRow.Text(r.Row, ResponseColumn, r.Place)))], call.Cancellation))
            {
                call.WriteJson(new { Reward = result.Score, result.Parts });
                rows++;
                sum += result.Score ?? 0;
                if (result.Correct) correct++;
            }
            if (input == "-") call.Out.Flush();
            foreach (string sentence in rewards.Log.Take()) call.Streams.Error.WriteLine(sentence);
        }
        if (!json)
        {
            call.Out.Flush();
            call.Streams.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows} rows, mean reward {(rows == 0 ? 0 : sum / rows):0.####}, {correct} correct"));
        }
        return ExitCode.Done;
    }

    private static IEnumerable<(JsonElement Row, string Place)> Rows(VerbCall call, string input)
    {
        using Stream stream = Open(call, input);
        if (input != "-" && DatasetRows.IsData(input))
            foreach (DatasetRow row in DatasetRows.Of(input)) yield return (row.Read(), row.Place);
        else
            foreach ((JsonElement row, string place) in JsonLines.Read(stream, input == "-" ? "standard input" : input)) yield return (row, place);
    }

    private static Stream Open(VerbCall call, string input)
    {
        if (input == "-") return call.OpenIn();
        try
        {
            return File.OpenRead(input);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EvoluteInputException($"--input: there is no file {Quoted.Text(input)}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new EvoluteInputException($"--input: the file {Quoted.Text(input)} cannot be read: {e.Message}", e);
        }
    }
}
