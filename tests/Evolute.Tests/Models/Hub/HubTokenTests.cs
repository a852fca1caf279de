using System.Net;
using Evolute.Models.Hub;

namespace Evolute.Tests.Models.Hub;

/// <summary>Where the token goes: to the endpoint's scheme, host and port, and nowhere else.</summary>
public class HubTokenTests
{
    private const string Bearer = "Bearer " + TestHub.Secret;
    private const string Weights = "model.safetensors";

    [Fact]
    public void Every_request_to_the_endpoint_carries_it_and_none_without_one()
    {
        using TestHub hub = new();
        hub.Fetch();
        Assert.All(hub.Server.Requests, r => Assert.Equal(Bearer, r.Authorization));
        using TestHub open = new();
        open.Fetch(token: false);
        Assert.All(open.Server.Requests, r => Assert.Null(r.Authorization));
    }

    [Theory]
    [InlineData("http://127.0.0.1:HUB/elsewhere", Bearer)]
    [InlineData("/elsewhere", Bearer)]
    [InlineData("//127.0.0.1:HUB/elsewhere", Bearer)]
    [InlineData("http://127.0.0.1:OTHER/elsewhere", null)] // another port
    [InlineData("//127.0.0.1:OTHER/elsewhere", null)]
    [InlineData("http://localhost:OTHER/elsewhere", null)] // another host and port
    [InlineData("http://user:name@127.0.0.1:OTHER/elsewhere", null)]
    [InlineData("http://127.0.0.1:HUB@127.0.0.1:OTHER/elsewhere", null)] // what looks like the endpoint is a user's name
    public void Redirects_of_content(string location, string? expected)
    {
        using TestHub hub = new();
        using LoopbackServer other = new(request => TestHub.Content(request, Weights, hub.Files[Weights]));
        hub.Faults = request => request switch
        {
            { Method: "GET" } when request.Path.EndsWith(Weights, StringComparison.Ordinal) => Redirect(Place(location, hub, other)),
            { Path: "/elsewhere" } => TestHub.Content(request, Weights, hub.Files[Weights]),
            _ => null,
        };
        string folder = hub.Fetch();
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(folder, Weights)));
        HttpRequest last = hub.Server.Requests.Concat(other.Requests).Single(r => r.Path == "/elsewhere");
        Assert.Equal(expected, last.Authorization);
        Assert.All(other.Requests, r => Assert.Null(r.Authorization));
        AssertNoSecretIn(hub);
    }

    [Fact]
    public void Another_name_of_the_same_machine_is_another_host()
    {
        using TestHub hub = new();
        hub.Faults = request => request switch
        {
            { Method: "GET" } when request.Path.EndsWith(Weights, StringComparison.Ordinal) => Redirect($"http://localhost:{hub.Server.Port}/elsewhere"),
            { Path: "/elsewhere" } => TestHub.Content(request, Weights, hub.Files[Weights]),
            _ => null,
        };
        hub.Fetch();
        Assert.Null(hub.Server.Requests.Single(r => r.Path == "/elsewhere").Authorization);
    }

    [Fact]
    public void A_chain_that_comes_back_has_lost_it()
    {
        using TestHub hub = new();
        using LoopbackServer other = new(_ => Redirect($"{hub.Server.Address}back"));
        hub.Faults = request => request switch
        {
            { Method: "GET" } when request.Path.EndsWith(Weights, StringComparison.Ordinal) => Redirect($"{other.Address}away"),
            { Path: "/back" } => TestHub.Content(request, Weights, hub.Files[Weights]),
            _ => null,
        };
        hub.Fetch();
        Assert.Null(other.Requests.Single().Authorization);
        Assert.Null(hub.Server.Requests.Single(r => r.Path == "/back").Authorization);
    }

    [Fact]
    public void Descriptions_are_not_asked_of_other_hosts()
    {
        using TestHub hub = new();
        using LoopbackServer other = new(request => TestHub.Content(request, Weights, hub.Files[Weights]));
        // As the hub does for large files: the headers say what the file is, and where it lies.
        hub.Faults = request =>
        {
            if (!request.Path.EndsWith(Weights, StringComparison.Ordinal)) return null;
            HttpAnswer described = TestHub.Content(request, Weights, hub.Files[Weights]) with { Status = 302, Body = [] };
            described.Headers["Location"] = $"{other.Address}blob?X-Signature=abc";
            return described;
        };
        hub.Fetch();
        HttpRequest only = Assert.Single(other.Requests);
        Assert.Equal(("GET", null), (only.Method, only.Authorization));
    }

    [Fact]
    public void From_https_to_http_nothing_is_sent()
    {
        List<(Uri, string?)> sent = [];
        using StubHandler handler = new(request =>
        {
            sent.Add((request.RequestUri!, request.Headers.NonValidated.TryGetValues("Authorization", out var values) ? values.ToString() : null));
            return new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("http://hub.example/plain") } };
        });
        HubSettings settings = new() { Endpoint = new Uri("https://hub.example"), Token = HubToken.Of(TestHub.Secret, "HF_TOKEN"), CacheFolder = Path.GetTempPath() };
        using HubDownload download = new(settings, new HubModelId("acme", "none", "main"), _ => { }, new TransferSettings { CreateHandler = _ => handler });
        EvoluteFaultException fault = Assert.Throws<EvoluteFaultException>(() => download.Plan(TestContext.Current.CancellationToken));
        Assert.Equal("hub.example redirects from https to http at hub.example, which is not followed; ask who runs it.", fault.Message);
        Assert.Equal([(new Uri("https://hub.example/api/models/acme/none/revision/main"), Bearer)], sent);
    }

    [Fact]
    public void Redirects_have_an_end_and_need_an_address()
    {
        using TestHub hub = new();
        hub.Faults = request => Redirect("/again");
        Assert.EndsWith("redirects more than 10 times; try again, or ask who runs it.", Assert.Throws<EvoluteFaultException>(() => hub.Fetch()).Message);
        Assert.Equal(11, hub.Server.Requests.Count);
        foreach (string nowhere in (string[])["ftp://127.0.0.1/x", "file:///etc/passwd", "http://"])
        {
            hub.Faults = request => Redirect(nowhere);
            Assert.EndsWith("redirects without a valid address; try again, or ask who runs it.", Assert.Throws<EvoluteFaultException>(() => hub.Fetch()).Message);
        }
        hub.Faults = request => new HttpAnswer(302);
        Assert.EndsWith("redirects without a valid address; try again, or ask who runs it.", Assert.Throws<EvoluteFaultException>(() => hub.Fetch()).Message);
    }

    [Fact]
    public void It_has_no_text_and_a_wrong_one_is_not_repeated()
    {
        HubToken token = HubToken.Of(TestHub.Secret + "\n", "HF_TOKEN")!;
        Assert.Equal(Bearer, token.HeaderValue);
        Assert.DoesNotContain(TestHub.Secret, $"{token}");
        foreach (string wrong in (string[])["hf_a\nX-Evil: 1", "hf_ä", "hf a"])
            Assert.Equal("HF_TOKEN: this is no access token, since it holds blanks or other characters that none has; set it again.", Assert.Throws<EvoluteInputException>(() => HubToken.Of(wrong, "HF_TOKEN")).Message);
        Assert.Null(HubToken.Of(" \n", "HF_TOKEN"));
    }

    [Fact]
    public void No_fault_and_no_file_shows_it()
    {
        using TestHub hub = new();
        List<string> traces = [];
        foreach (int status in (int[])[400, 401, 403, 404, 418, 500])
        {
            hub.Faults = request => new HttpAnswer(status) { Headers = { ["X-Error-Message"] = request.Authorization ?? "", ["X-Request-Id"] = request.Authorization ?? "" } };
            traces.Add(Assert.ThrowsAny<Exception>(() => hub.Fetch()).ToString());
        }
        hub.Faults = request => new HttpAnswer(302) { Headers = { ["Location"] = $"http://127.0.0.1:1/{request.Authorization?.Split(' ')[1]}?sig={request.Authorization?.Split(' ')[1]}" } };
        traces.Add(Assert.ThrowsAny<Exception>(() => hub.Fetch()).ToString());
        hub.Faults = request => new HttpAnswer(200) { Headers = { ["ETag"] = request.Authorization ?? "" }, Body = "{"u8.ToArray() };
        traces.Add(Assert.ThrowsAny<Exception>(() => hub.Fetch()).ToString());
        hub.Faults = _ => null;
        hub.Fetch();
        Assert.All(traces.Concat(hub.Notes), text => Assert.DoesNotContain(TestHub.Secret, text));
        AssertNoSecretIn(hub);
    }

    private static string Place(string location, TestHub hub, LoopbackServer other) =>
        location.Replace("HUB", $"{hub.Server.Port}", StringComparison.Ordinal).Replace("OTHER", $"{other.Port}", StringComparison.Ordinal);

    private static HttpAnswer Redirect(string location) => new(302) { Headers = { ["Location"] = location } };

    private static void AssertNoSecretIn(TestHub hub)
    {
        foreach (string file in Directory.GetFiles(hub.Cache, "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain(TestHub.Secret, file);
            Assert.DoesNotContain(TestHub.Secret, File.ReadAllText(file));
        }
    }

    private sealed class StubHandler(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request));
    }
}
