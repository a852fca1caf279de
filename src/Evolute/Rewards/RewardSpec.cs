using System.Globalization;
using System.Text.RegularExpressions;

namespace Evolute.Rewards;

/// <summary>
/// A reward as the command line names it: <c>task</c>, <c>http://…</c>, <c>FILE.dll[:TYPE]</c>, <c>FILE.cs[:TYPE]</c>, or a command; before it a weight with a star, <c>0.5*python3 score.py</c>.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text without the weight.</param>
/// <param name="Weight">The weight.</param>
public sealed partial record RewardSpec(RewardKind Kind, string Text, double Weight)
{
    /// <summary>What stands before the name of a reward that is an object of a program.</summary>
    internal const string Code = "code ";

    /// <summary>Reads one.</summary>
    /// <exception cref="EvoluteInputException">It is empty or its weight no number.</exception>
    public static RewardSpec Parse(string text)
    {
        Match match = Form().Match(text);
        string rest = match.Groups["rest"].Value.Trim();
        double weight = 1;
        if (match.Groups["weight"] is { Success: true } given && (!double.TryParse(given.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out weight) || !double.IsFinite(weight)))
            throw new EvoluteInputException($"--reward: the weight of '{text}' is not a finite number.");
        if (rest.Length == 0) throw new EvoluteInputException("--reward: the reward is empty; give task, a command, a URL, or a .cs or .dll file.");
        return new(KindOf(rest), rest, weight);
    }

    /// <summary>File and type of a file's reward.</summary>
    public (string Path, string? Type) File => FileForm().Match(Text) is { Success: true } match ? (match.Groups["file"].Value, match.Groups["type"] is { Success: true } type ? type.Value : null) : (Text, null);

    /// <summary>The files on which its values depend, as far as its text names them.</summary>
    internal IReadOnlyList<string> Files => Kind switch
    {
        RewardKind.Source or RewardKind.Assembly => [File.Path],
        RewardKind.Command => CommandFiles.Of(Text),
        _ => [],
    };

    /// <summary>What it is called in reports: the file's name without its ending, or the host.</summary>
    public string Name => Kind switch
    {
        RewardKind.Task => "task",
        RewardKind.Code => Text[Code.Length..],
        RewardKind.Http => Uri.TryCreate(Text, UriKind.Absolute, out Uri? url) ? url.Host : "http",
        RewardKind.Command => Path.GetFileNameWithoutExtension(Text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is var words && words.FirstOrDefault(w => Path.HasExtension(w)) is { } file ? file : words[0]),
        _ => Path.GetFileNameWithoutExtension(File.Path),
    };

    /// <summary>Opens some rewards.</summary>
    /// <param name="texts">As given; none is the task's own.</param>
    /// <param name="failures">What happens where one fails.</param>
    /// <param name="compile">Makes a reward from C# source and the name of its type; null where that is not possible.</param>
    /// <exception cref="EvoluteInputException">One cannot be opened; the sentence names it.</exception>
    public static RewardSet Open(IReadOnlyList<string> texts, RewardFailures failures, Func<string, string?, IReward>? compile = null)
    {
        if (texts.Count == 0) return new(1, [], failures);
        RewardSpec[] specs = [.. texts.Select(Parse)];
        double task = specs.Where(s => s.Kind == RewardKind.Task).Sum(s => s.Weight);
        List<WeightedReward> rewards = [];
        RewardSet set = new(task, rewards, failures, owned: true);
        try
        {
            foreach (RewardSpec spec in specs.Where(s => s.Kind != RewardKind.Task))
            {
                string name = spec.Name;
                for (int n = 2; name == "task" || rewards.Any(r => r.Name == name); n++) name = $"{spec.Name}-{n}";
                rewards.Add(new(name, spec.Create(failures, sentence => set.Log.Add($"Reward {name}: {sentence}"), compile), spec.Weight));
            }
        }
        catch
        {
            set.Dispose();
            throw;
        }
        return set;
    }

    private IReward Create(RewardFailures failures, Action<string> log, Func<string, string?, IReward>? compile) => Kind switch
    {
        RewardKind.Http => Uri.TryCreate(Text, UriKind.Absolute, out Uri? url) ? new HttpReward(url) : throw new EvoluteInputException($"--reward: '{Text}' is no URL."),
        RewardKind.Code => throw new EvoluteInputException($"The run's reward '{Text[Code.Length..]}' is code of a program; go on with the run there."),
        RewardKind.Assembly => RewardAssembly.Load(File.Path, File.Type),
        RewardKind.Source => !System.IO.File.Exists(File.Path) ? throw new EvoluteInputException($"--reward: there is no file '{File.Path}'.")
            : compile is null ? throw new EvoluteInputException($"--reward: {File.Path}: only the command line compiles C# files; give a built assembly.") : compile(File.Path, File.Type),
        _ => new ProcessReward(Text, failures, log),
    };

    private static RewardKind KindOf(string text) =>
        text == "task" ? RewardKind.Task
        : text.StartsWith(Code, StringComparison.Ordinal) ? RewardKind.Code
        : text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? RewardKind.Http
        : FileForm().Match(text) is { Success: true } file ? (file.Groups["ending"].Value == "cs" ? RewardKind.Source : RewardKind.Assembly)
        : RewardKind.Command;

    [GeneratedRegex(@"^\s*((?<weight>[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)\s*\*)?(?<rest>.*)$", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Form();

    /// <summary>A single word that ends in .cs or .dll, perhaps with a type's name.</summary>
    [GeneratedRegex(@"^(?<file>\S+\.(?<ending>cs|dll))(:(?<type>[\w.+]+))?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex FileForm();
}

/// <summary>What a reward is.</summary>
public enum RewardKind
{
    /// <summary>The task's own.</summary>
    Task,

    /// <summary>A command.</summary>
    Command,

    /// <summary>A service.</summary>
    Http,

    /// <summary>A class in a built assembly.</summary>
    Assembly,

    /// <summary>A class in a C# file.</summary>
    Source,

    /// <summary>An object of the program that began the run.</summary>
    Code,
}
