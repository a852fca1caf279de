using System.Text.Json;

namespace Evolute.Tasks.Rows;

/// <summary>Compares a response with a row's answer.</summary>
internal abstract class ResponseMatch
{
    /// <summary>A response of more characters never matches.</summary>
    public const int MaxResponse = 1 << 20;

    private static readonly Dictionary<string, Func<TaskOptionReader, ResponseMatch>> Makers = new(StringComparer.Ordinal)
    {
        ["exact"] = options => new TextMatch(TextMatch.Trimmed, options.Flag("ignore-case"), whole: true),
        ["normalized"] = _ => new TextMatch(TextMatch.Normalized, ignoreCase: true, whole: true),
        ["contains"] = options => new TextMatch(TextMatch.Trimmed, options.Flag("ignore-case"), whole: false),
        ["regex"] = options => new RegexMatch(options.Flag("ignore-case")),
        ["number"] = options => new NumberMatch(options.Number("tolerance", 0, 0, double.MaxValue)),
        ["math"] = _ => new MathMatch(),
        ["label"] = options => new LabelMatch(options.Text("labels")?.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? []),
        ["json"] = _ => new JsonMatch(),
        ["json-schema"] = options => new SchemaMatch(options.Text("schema")),
        [JsonlTask.NoMatch] = _ => new NoMatch(),
    };

    // What each option means something with.
    private static readonly Dictionary<string, string[]> Owners = new(StringComparer.Ordinal)
    {
        ["ignore-case"] = ["exact", "contains", "regex"],
        ["tolerance"] = ["number"],
        ["labels"] = ["label"],
        ["schema"] = ["json-schema"],
    };

    /// <summary>The ways to compare.</summary>
    public static IReadOnlyList<string> Kinds => [.. Makers.Keys];

    /// <summary>The options of some of them.</summary>
    public static IReadOnlyList<string> Options => [.. Owners.Keys];

    /// <summary>The way that the options say.</summary>
    /// <exception cref="EvoluteInputException">There is none of the name, or an option does nothing with it.</exception>
    public static ResponseMatch From(TaskOptionReader options)
    {
        string kind = options.Choice(JsonlTask.Match, Kinds);
        foreach ((string option, string[] owners) in Owners)
            if (options.Text(option) is not null && !owners.Contains(kind))
                throw new EvoluteInputException($"The task {JsonlTask.TaskName}'s option '{option}' does nothing with match {kind}; leave it out, or choose match {string.Join(" or ", owners)}.");
        return Makers[kind](options);
    }

    /// <summary>Whether the row must have an answer.</summary>
    public virtual bool NeedsAnswer => true;

    /// <summary>Checks a row's answer.</summary>
    /// <exception cref="EvoluteInputException">It is not what this compares with; the sentence names the row and the column.</exception>
    public abstract void Check(JsonElement answer, string column, string place);

    /// <summary>Whether a response of at most <see cref="MaxResponse"/> characters matches.</summary>
    public abstract bool Holds(JsonElement answer, string response);

    /// <summary>An answer that is text or a number, as text.</summary>
    /// <exception cref="EvoluteInputException">It is neither.</exception>
    protected static string RequireText(JsonElement answer, string column, string place) => answer.ValueKind is JsonValueKind.String or JsonValueKind.Number
        ? answer.ToString()
        : throw new EvoluteInputException($"{place}: column '{column}' must be a string or a number.");

    /// <summary>Nothing: the reward comes from elsewhere.</summary>
    private sealed class NoMatch : ResponseMatch
    {
        public override bool NeedsAnswer => false;

        public override void Check(JsonElement answer, string column, string place)
        {
        }

        public override bool Holds(JsonElement answer, string response) => false;
    }
}
