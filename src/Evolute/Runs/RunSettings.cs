using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Evolute.Engines;
using Evolute.Evolution;
using Evolute.Models;
using Evolute.Noise;
using Evolute.Rewards;

namespace Evolute.Runs;

/// <summary>The resolved settings of a run, <c>settings.json</c>: with them and the base model the run can be made again to the same bits.</summary>
public sealed record RunSettings
{
    internal const string FileName = "settings.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <summary>The program's version.</summary>
    public string Version { get; init; } = typeof(RunSettings).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>Version of the noise definition.</summary>
    public uint NoiseVersion { get; init; } = NoiseKey.Version;

    /// <summary>The base model's folder.</summary>
    public required string Model { get; init; }

    /// <summary>Where the base is of the hub, its name and commit, <c>ORG/NAME@COMMIT</c>; else null.</summary>
    public string? HubModel { get; init; }

    /// <summary>SHA-256 of the base weights; filled in when a run is created.</summary>
    public string BaseSha256 { get; init; } = "";

    /// <summary>SHA-256 of the base's files besides the weights; filled in when a run is created.</summary>
    public string BaseFilesSha256 { get; init; } = "";

    /// <summary>The task's name.</summary>
    public required string Task { get; init; }

    /// <summary>The task's options that differ from its defaults.</summary>
    public JsonObject TaskOptions { get; init; } = [];

    /// <summary>SHA-256 of the files that the problems come from, or null where the task makes its own; filled in when a run is created.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DatasetSha256 { get; init; }

    /// <summary>Whether prompts are wrapped in the model's chat template.</summary>
    public bool Chat { get; init; }

    /// <summary>The day that a chat template is told, by --chat or for prompts of messages, so that a run resumed on another day has the same prompts.</summary>
    public DateOnly? ChatDate { get; init; }

    /// <summary>What members' matrices are held in while they are evaluated.</summary>
    public PackedType Packed { get; init; }

    /// <summary>The rewards as the command line names them (<see cref="RewardSpec"/>); null for the task's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Rewards { get; init; }

    /// <summary>SHA-256 of the files that the rewards name, by name; null where they name none; filled in when a run is created.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? RewardFiles { get; init; }

    /// <summary>What happens where a reward fails: <c>fail</c>, <c>skip</c>, or the score that counts instead; null is <c>fail</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RewardPolicy { get; init; }

    /// <summary>Seconds that a reward may take; 0 for the default.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double RewardTimeout { get; init; }

    /// <summary>What happens where a reward fails.</summary>
    [JsonIgnore]
    public RewardFailures RewardFailures => RewardFailures.Parse(RewardPolicy ?? "fail", RewardTimeout > 0 ? RewardTimeout : RewardFailures.DefaultTimeout.TotalSeconds, "--reward-policy");

    /// <summary>What shapes the evolution.</summary>
    public EvolutionSettings Evolution { get; init; } = new();

    /// <summary>
    /// Iterations between evaluations on the validation split, which choose the iteration whose weights are the result; 0 for none, and the
    /// last iteration is the result.
    /// </summary>
    public int EvalEvery { get; init; }

    /// <summary>Evaluations on the validation split without a gain after which the run ends; 0 for never.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int StopWhen { get; init; }

    /// <summary>Problems of an evaluation.</summary>
    public int EvalProblems { get; init; } = 1000;

    /// <summary>Iterations between checkpoints; 0 for none but those that evaluations choose.</summary>
    public int CheckpointEvery { get; init; } = 50;

    /// <summary>Iterations between measurements of the distance from the base (KL, ‖Δθ‖), <c>drift.jsonl</c>; 0, and absent from the file, for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int DriftEvery { get; init; }

    /// <summary>The type that the result's weights are stored in, or null for that of the base.</summary>
    public StoredType? SaveType { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="EvoluteInputException">A value is out of range; the sentence names the flag.</exception>
    public void Validate()
    {
        Evolution.Validate();
        foreach (string reward in Rewards ?? []) RewardSpec.Parse(reward);
        _ = RewardFailures;
        if (EvalEvery < 0) throw new EvoluteInputException($"--eval-every must be 0 (never) or positive; it is {EvalEvery}.");
        if (StopWhen > 0 && EvalEvery == 0) throw new EvoluteInputException("--stop-when looks at validation, so it needs --eval-every above 0.");
        if (EvalProblems < 1) throw new EvoluteInputException($"--eval-problems must be at least 1; it is {EvalProblems}.");
        if (DriftEvery < 0) throw new EvoluteInputException($"--drift-every must be 0 (never) or positive; it is {DriftEvery}.");
        if (CheckpointEvery < 0) throw new EvoluteInputException($"--checkpoint-every must be 0 (never) or positive; it is {CheckpointEvery}.");
    }

    /// <summary>Opens the base model.</summary>
    /// <exception cref="EvoluteInputException">It is not there any more, or damaged.</exception>
    internal ModelDirectory OpenModel() => HubModel is not null && !Directory.Exists(Model)
        ? throw new EvoluteInputException($"{Model}: the base model is not in the cache any more; 'evolute download {HubModel}' brings it back.")
        : ModelDirectory.Open(Model);

    internal byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Json), (byte)'\n'];

    internal static bool Exists(string folder) => File.Exists(Path.Combine(folder, FileName));

    internal static RunSettings Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        JsonElement json = JsonFile.ReadObject(path, 1 << 20)
            ?? throw new EvoluteInputException($"{folder}: there is no {FileName}; give the folder of a run.");
        try
        {
            return json.Deserialize<RunSettings>(Json)!;
        }
        catch (JsonException e)
        {
            throw new EvoluteInputException($"{path}: the settings cannot be read: {e.Message}", e);
        }
    }
}
