using Evolute.Models;

namespace Evolute.Cli.Settings;

/// <summary>Reads the file that <c>--config</c> names: YAML or, by its ending, JSON, with flag names as keys.</summary>
internal static class ConfigFile
{
    /// <summary>Largest settings file, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The file as a layer.</summary>
    /// <exception cref="EvoluteInputException">The file is absent, too large or ill-formed.</exception>
    public static SettingsLayer Read(string path)
    {
        if (!File.Exists(path)) throw new EvoluteInputException($"--config: there is no file {Quoted.Text(path)}.");
        return path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? JsonSettings.Layer(JsonFile.ReadObject(path, MaxBytes)!.Value, path, $"{path}: ")
            : YamlSettings.Layer(ReadText(path), path);
    }

    private static string ReadText(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes) throw new EvoluteInputException($"{path}: the file is larger than {MaxBytes} bytes.");
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvoluteInputException($"{path}: the file cannot be read: {e.Message}", e);
        }
    }
}
