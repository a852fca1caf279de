using System.CommandLine;
using Evolute.Cli.Flags;
using Evolute.Cli.Settings;

namespace Evolute.Tests.Cli;

public sealed class SettingsLayersTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("evolute-settings-");
    private readonly Flag<double> _sigma = FlagKinds.Number("sigma", "σ", 0.001, 0, 1);
    private readonly Flag<int> _population = FlagKinds.Integer("population", "N", 30, 1);
    private readonly Flag<bool> _mirrored = FlagKinds.Switch("mirrored", "pairs");
    private readonly Flag<IReadOnlyList<string>> _freeze = FlagKinds.Texts("freeze", "patterns", "PATTERN");
    private readonly Flag<IReadOnlyList<string>> _option = CommonFlags.TaskOption();

    [Fact]
    public void The_later_place_wins_and_is_remembered()
    {
        string model = Write("evolute.json", """{"task":{"countdown":{"max-number":30,"min-count":3}},"train":{"sigma":0.02,"population":64,"mirrored":true,"freeze":["a","b"]}}""");
        string config = Write("run.yaml", "# a run\nsigma: 3e-2\ntask-options: {max-number: 40, prompt: '12'}\n");
        SettingsLayers layers = Layers(config, "--mirrored", "false", "--task-option", "max-count=4");
        layers.AddModelSettings(_folder.FullName, "train", "countdown");
        Assert.Equal((0.03, 64, false), (layers.Get(_sigma), layers.Get(_population), layers.Get(_mirrored)));
        Assert.Equal(["a", "b"], layers.Get(_freeze));
        Assert.Equal((config, model, "the command line"), (layers.SourceOf(_sigma), layers.SourceOf(_population), layers.SourceOf(_mirrored)));
        Assert.Equal("""{"max-number":40,"min-count":3,"prompt":"12","max-count":4}""", layers.MergedTaskOptions.ToJsonString());
    }

    [Fact]
    public void Nothing_given_means_the_defaults()
    {
        SettingsLayers layers = Layers(Write("empty.yaml", "# nothing\n"));
        layers.AddModelSettings(_folder.FullName, "train", "countdown");
        Assert.Equal((0.001, 30, "the default", false), (layers.Get(_sigma), layers.Get(_population), layers.SourceOf(_sigma), layers.Has(_sigma)));
        Assert.Empty(layers.MergedTaskOptions);
    }

    [Fact]
    public void Json_and_yaml_say_the_same()
    {
        SettingsLayers yaml = Layers(Write("a.yml", "sigma: 0.5\nmirrored: true\nfreeze:\n  - x\n  - y\ntask-options:\n  max-number: 9\n"));
        SettingsLayers json = Layers(Write("a.json", """{"sigma":0.5,"mirrored":true,"freeze":["x","y"],"task-options":{"max-number":9}}"""));
        Assert.Equal((yaml.Get(_sigma), yaml.Get(_mirrored)), (json.Get(_sigma), json.Get(_mirrored)));
        Assert.Equal(yaml.Get(_freeze), json.Get(_freeze));
        Assert.Equal(yaml.MergedTaskOptions.ToJsonString(), json.MergedTaskOptions.ToJsonString());
    }

    [Theory]
    [InlineData("c.yaml", "sigme: 1", "c.yaml: there is no setting 'sigme'. Did you mean 'sigma'?")]
    [InlineData("c.yaml", "sigma: 0,5", "c.yaml: sigma: '0,5' is not a number.")]
    [InlineData("c.yaml", "sigma: 2", "c.yaml: sigma: '2' is not within 0 to 1.")]
    [InlineData("c.yaml", "sigma: nan", "c.yaml: sigma: 'nan' is not a finite number.")]
    [InlineData("c.yaml", "sigma: 1\nsigma: 1", "c.yaml, line 2: 'sigma' is there twice.")]
    [InlineData("c.yaml", "sigma: [1, 1]", "c.yaml: sigma takes one value, not 2.")]
    [InlineData("c.yaml", "sigma: {a: 1}", "c.yaml, line 1: there is something other than text, a number, true or false; write flag names and their values, one a line.")]
    [InlineData("c.yaml", "sigma: &a 1\npopulation: *a", "c.yaml, line 2: there is something other than text, a number, true or false; write flag names and their values, one a line.")]
    [InlineData("c.yaml", "- sigma", "c.yaml, line 1: there is something other than 'name: value' lines; write flag names and their values, one a line.")]
    [InlineData("c.yaml", "sigma: 1\n---\nsigma: 1", "c.yaml, line 2: there is a second document; write flag names and their values, one a line.")]
    [InlineData("c.yaml", "sigma: 'x", "c.yaml, line 1: the file is not valid YAML: ")]
    [InlineData("c.json", """{"mirrored":1}""", "c.json: mirrored: '1' is not true or false.")]
    [InlineData("c.json", """{"sigma":null}""", "c.json: sigma must be text, a number, true or false, or a list of those; leave it out for the default.")]
    [InlineData("c.json", """{"task-options":3}""", "c.json: task-options must hold an object of options, not number.")]
    [InlineData("c.json", "[]", "c.json: the file is not a JSON object.")]
    [InlineData("c.json", """{"sigma":1,"sigma":1}""", "c.json: the file is not valid JSON: ")]
    public void A_wrong_config_is_refused_by_name(string file, string content, string sentence)
    {
        string path = Write(file, content);
        string message = Assert.Throws<EvoluteInputException>(() => Layers(path)).Message;
        Assert.StartsWith(sentence, message.Replace(_folder.FullName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"trian":{}}""", ": there is no place for 'trian'. Did you mean 'train'?")]
    [InlineData("""{"train":{"sigme":1}}""", ": there is no setting 'sigme'. Did you mean 'sigma'?")]
    [InlineData("""{"train":{"sigma":"x"}}""", ": train.sigma: 'x' is not a number.")]
    [InlineData("""{"train":[]}""", ": train must hold an object.")]
    [InlineData("""{"task":{"countdwn":{}}}""", ": there is no place for 'countdwn'. Did you mean 'countdown'?")]
    [InlineData("""{"task":{"countdown":[]}}""", ": task.countdown must hold an object of options, not array.")]
    public void A_wrong_file_of_the_model_is_refused_by_name(string content, string sentence)
    {
        string path = Write("evolute.json", content);
        SettingsLayers layers = Layers(null);
        Assert.Equal(path + sentence, Assert.Throws<EvoluteInputException>(() => layers.AddModelSettings(_folder.FullName, "train", "countdown")).Message);
    }

    [Fact]
    public void An_absent_config_is_refused() =>
        Assert.Equal("--config: there is no file 'no.yaml'.", Assert.Throws<EvoluteInputException>(() => Layers("no.yaml")).Message);

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string name, string content)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    private SettingsLayers Layers(string? config, params string[] args)
    {
        Flag[] flags = [_sigma, _population, _mirrored, _freeze];
        Command command = new("train");
        foreach (Flag flag in flags.Append(_option)) command.Add(flag.Option);
        return new SettingsLayers(flags, command.Parse(args), config, _option);
    }
}
