using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Evolute.Rewards;

namespace Evolute.Tests.Rewards;

/// <summary>A scorer behind a URL, on loopback.</summary>
public class HttpRewardTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_is_one_post_and_answers_are_matched_by_id()
    {
        int posts = 0;
        await using Service service = new(rows =>
        {
            posts++;
            return (200, JsonSerializer.Serialize(rows.Reverse().Select(r => new { id = r.GetProperty("id").GetInt64(), reward = r.GetProperty("response").GetString()!.Length + r.GetProperty("row").GetProperty("n").GetArrayLength() })));
        });
        using HttpReward reward = new(service.Url);
        IReadOnlyList<RewardValue> values = await reward.ScoreAsync(Responses.Of("a", "bb", "ccc"), Stop);
        Assert.Equal([3, 4, 5], values.Select(v => v.Score));
        Assert.Equal(1, posts);
    }

    [Theory]
    [InlineData(500, "out of order", "answered with status 500: out of order")]
    [InlineData(200, "<html>", "answered what is not JSON: <html>")]
    [InlineData(200, "{}", "answered {}, not an array of answers")]
    [InlineData(200, "[]", "gave no answer for id 0")]
    [InlineData(200, """[{"id":0,"reward":1},{"id":0,"reward":2}]""", "answered id 0 twice")]
    [InlineData(200, """[{"id":5,"reward":1}]""", "answered id 5, which it was not given")]
    [InlineData(200, """[{"id":0,"reward":"x"}]""", "gave the reward \"x\", which is not a finite number")]
    public async Task What_is_wrong_is_named(int status, string body, string sentence)
    {
        await using Service service = new(_ => (status, body));
        using RewardSet set = new(0, [new("web", new HttpReward(service.Url))], new(FailurePolicy.Skip));
        IReadOnlyList<RewardValue> values = await new GuardedReward(set.Rewards[0], set.Failures, set.Log).ScoreAsync(Responses.Of("a"), Stop);
        Assert.Null(values[0].Score);
        Assert.EndsWith(sentence, Assert.Single(set.Log.Take()));
    }

    [Fact]
    public async Task A_bad_response_costs_only_itself()
    {
        await using Service service = new(rows => rows.Any(r => r.GetProperty("response").GetString() == "bad")
            ? (500, "boom") : (200, JsonSerializer.Serialize(rows.Select(r => new { id = r.GetProperty("id").GetInt64(), reward = 1 }))));
        using RewardSet set = new(0, [new("web", new HttpReward(service.Url))], new(FailurePolicy.Value, -5));
        IReadOnlyList<RewardValue> values = await new GuardedReward(set.Rewards[0], set.Failures, set.Log).ScoreAsync(Responses.Of("a", "bad", "c"), Stop);
        Assert.Equal([1, -5, 1], values.Select(v => v.Score));
    }

    [Fact]
    public async Task Nobody_there_is_a_failure()
    {
        using TcpListener unused = new(IPAddress.Loopback, 0);
        unused.Start();
        int port = ((IPEndPoint)unused.LocalEndpoint).Port;
        unused.Stop();
        using HttpReward reward = new(new($"http://127.0.0.1:{port}/"));
        EvoluteFaultException fault = await Assert.ThrowsAsync<EvoluteFaultException>(() => reward.ScoreAsync(Responses.Of("a"), Stop));
        Assert.Contains("cannot be reached", fault.Message);
    }

    /// <summary>Answers posts until it is disposed of.</summary>
    private sealed class Service : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _loop;

        public Service(Func<JsonElement[], (int Status, string Body)> answer)
        {
            using (TcpListener free = new(IPAddress.Loopback, 0))
            {
                free.Start();
                Url = new($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
            }
            _listener.Prefixes.Add(Url.ToString());
            _listener.Start();
            _loop = Task.Run(async () =>
            {
                while (true)
                {
                    HttpListenerContext context;
                    try
                    {
                        context = await _listener.GetContextAsync();
                    }
                    catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                    {
                        return;
                    }
                    using JsonDocument rows = await JsonDocument.ParseAsync(context.Request.InputStream);
                    (context.Response.StatusCode, string body) = answer([.. rows.RootElement.EnumerateArray()]);
                    context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: true);
                }
            });
        }

        public Uri Url { get; }

        public async ValueTask DisposeAsync()
        {
            _listener.Close();
            await _loop;
        }
    }
}
