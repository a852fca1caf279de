using System.Globalization;
using System.Text.Json.Nodes;
using Evolute.Models;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Evolute.Cli.Settings;

/// <summary>
/// Reads settings from YAML: one mapping of flag names to scalars or lists of scalars, and one of task options below it. The parser's events
/// are read as they come, so that anchors, tags and deep nesting never unfold into anything.
/// </summary>
internal static class YamlSettings
{
    /// <summary>The text as a layer.</summary>
    /// <exception cref="EvoluteInputException">It is not such YAML; the sentence names the line.</exception>
    public static SettingsLayer Layer(string yaml, string path)
    {
        Dictionary<string, IReadOnlyList<string>> values = [];
        JsonObject options = [];
        try
        {
            Parser parser = new(new StringReader(yaml));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<StreamEnd>(out _))
            {
                parser.Consume<DocumentStart>();
                if (parser.Current is Scalar { Value: "", Style: ScalarStyle.Plain }) return new(path, $"{path}: ", values, options);
                Mapping(parser, path, (key, line) =>
                {
                    if (key == SettingsLayers.TaskOptionsKey) Mapping(parser, path, (option, at) => AddOnce(options.TryAdd(option, Option(parser, path)), option, path, at));
                    else AddOnce(values.TryAdd(key, Texts(parser, path)), key, path, line);
                });
                parser.Consume<DocumentEnd>();
                if (!parser.TryConsume<StreamEnd>(out _)) throw Wrong(parser, path, "a second document");
            }
        }
        catch (YamlException e)
        {
            throw new EvoluteInputException(string.Create(CultureInfo.InvariantCulture, $"{path}, line {e.Start.Line}: the file is not valid YAML: {e.Message}"), e);
        }
        return new SettingsLayer(path, $"{path}: ", values, options);
    }

    private static void Mapping(Parser parser, string path, Action<string, long> readValue)
    {
        if (!parser.TryConsume<MappingStart>(out _)) throw Wrong(parser, path, "something other than 'name: value' lines");
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            long line = parser.Current!.Start.Line;
            readValue(Scalar(parser, path).Value, line);
        }
    }

    private static List<string> Texts(Parser parser, string path)
    {
        if (!parser.TryConsume<SequenceStart>(out _)) return [Scalar(parser, path).Value];
        List<string> texts = [];
        while (!parser.TryConsume<SequenceEnd>(out _)) texts.Add(Scalar(parser, path).Value);
        return texts;
    }

    private static JsonNode Option(Parser parser, string path)
    {
        Scalar scalar = Scalar(parser, path);
        return scalar.Style == ScalarStyle.Plain ? TaskOptions.Value(scalar.Value) : JsonValue.Create(scalar.Value);
    }

    private static Scalar Scalar(Parser parser, string path) => parser.TryConsume<Scalar>(out Scalar? scalar)
        ? scalar
        : throw Wrong(parser, path, "something other than text, a number, true or false");

    private static void AddOnce(bool added, string key, string path, long line)
    {
        if (!added) throw new EvoluteInputException(string.Create(CultureInfo.InvariantCulture, $"{path}, line {line}: {Quoted.Text(key)} is there twice."));
    }

    private static EvoluteInputException Wrong(Parser parser, string path, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{path}, line {parser.Current?.Start.Line ?? 0}: there is {what}; write flag names and their values, one a line."));
}
