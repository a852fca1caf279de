using System.Globalization;
using System.Text.Json;
using Evolute.Cli;
using Evolute.Models;
using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>The bundled model is what its model card says, and its own settings tune it.</summary>
public sealed class BundledModelTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void It_solves_what_its_card_says_in_the_form_asked_for()
    {
        JsonElement result = Measured(Tool.Call("eval", "countdown", "--eval-problems", "1000", "--json"));
        double accuracy = result.GetProperty("accuracy").GetDouble();
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"| as it is | {accuracy:.000} ±"), File.ReadAllText(Path.Combine(BundledModel.Locate(), "README.md")));
        Assert.Equal(1, result.GetProperty("parts").GetProperty("format").GetDouble());
        Assert.Equal(0, result.GetProperty("truncated").GetDouble());
    }

    // A tenth of the settings' iterations at a higher rate: well under half a minute of one core.
    [Fact]
    public void A_few_iterations_bring_its_latent_skill_out()
    {
        JsonElement result = Measured(Tool.Call(
            "train", "countdown", "--iterations", "6", "--learning-rate", "0.006", "--eval-every", "0", "--output", _temp["run"], "--json"));
        double before = result.GetProperty("base").GetProperty("accuracy").GetDouble(), after = result.GetProperty("final").GetProperty("accuracy").GetDouble();
        Assert.True(after >= before + 0.12, $"accuracy went from {before} to {after}");
    }

    private static JsonElement Measured(ToolResult result)
    {
        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Code == ExitCode.Done ? "" : result.Error));
        return result.Json;
    }
}
