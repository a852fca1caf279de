using System.Text.Json.Nodes;

namespace Evolute.Cli.Settings;

/// <summary>The settings that one place gives.</summary>
/// <param name="Source">The place, for people: a file's path, or the command line.</param>
/// <param name="Prefix">What stands before a flag's name where an error sentence names a setting: <c>run.yaml: </c> or <c>--</c>.</param>
/// <param name="Values">Texts by flag name.</param>
/// <param name="TaskOptions">The task's options by key.</param>
internal sealed record SettingsLayer(string Source, string Prefix, IReadOnlyDictionary<string, IReadOnlyList<string>> Values, JsonObject TaskOptions);
