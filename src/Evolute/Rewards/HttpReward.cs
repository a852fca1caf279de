using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evolute.Rewards;

/// <summary>A scorer behind a URL: a POST with an array of rows, answered by an array of answers in any order.</summary>
/// <param name="url">Where it listens.</param>
public sealed class HttpReward(Uri url) : IReward, IDisposable
{
    private const int LargestAnswer = 64 << 20;

    private readonly HttpClient _client = new() { Timeout = System.Threading.Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RewardValue>> ScoreAsync(IReadOnlyList<RewardCompletion> completions, CancellationToken stop)
    {
        string body = RewardProtocol.Line(new JsonArray([.. completions.Select((c, i) => RewardProtocol.Row(i, c))]));
        string text;
        try
        {
            using StringContent content = new(body, Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await _client.PostAsync(url, content, stop).ConfigureAwait(false);
            text = await response.Content.ReadAsStringAsync(stop).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode) throw new EvoluteFaultException($"{url} answered with status {(int)response.StatusCode}: {RewardProtocol.Shown(text)}");
        }
        catch (HttpRequestException e)
        {
            throw new EvoluteFaultException($"{url} cannot be reached: {e.Message}", e);
        }
        return Read(text, completions.Count);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private RewardValue[] Read(string text, int count)
    {
        var values = new RewardValue?[count];
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Array) throw new EvoluteFaultException($"{url} answered {RewardProtocol.Shown(text)}, not an array of answers");
            foreach (JsonElement answer in document.RootElement.EnumerateArray())
            {
                (long? id, RewardValue value) = RewardProtocol.Answer(answer);
                if (id is null) throw new EvoluteFaultException($"{url} {value.Failure}");
                if (id < 0 || id >= count) throw new EvoluteFaultException($"{url} answered id {id}, which it was not given");
                if (values[id.Value] is not null) throw new EvoluteFaultException($"{url} answered id {id} twice");
                values[id.Value] = value;
            }
        }
        catch (JsonException e)
        {
            throw new EvoluteFaultException($"{url} answered what is not JSON: {RewardProtocol.Shown(text)}", e);
        }
        return [.. values.Select((v, i) => v ?? RewardValue.Failed($"{url} gave no answer for id {i}"))];
    }
}
