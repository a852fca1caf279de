using System.Text.Json;
using Evolute.Generation;
using Evolute.Rewards;
using Evolute.Tasks;

namespace Evolute.Tests.Rewards;

/// <summary>Responses to score, without a model.</summary>
internal static class Responses
{
    public static TaskProblem Problem(string id) => new() { Id = id, Prompt = "ask", Columns = JsonElement.Parse("""{"answer":"7","n":[1,2]}""") };

    public static Completion Completion(string text) => new([1, 2], text, FinishReason.Stop);

    public static RewardCompletion[] Of(params string[] texts) => [.. texts.Select((t, i) => new RewardCompletion(Problem($"p{i}"), Completion(t)))];
}
