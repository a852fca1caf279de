namespace Evolute.Models;

/// <summary>The small model that comes with Evolute, so that everything can be tried without a download.</summary>
public static class BundledModel
{
    /// <summary>The name of its folder below <c>models/</c>.</summary>
    public const string Name = "countdown-mini";

    /// <summary>The model's folder: beside the program or the current directory, or beside a folder above one of them.</summary>
    /// <exception cref="EvoluteInputException">It is not there.</exception>
    public static string Locate() => Find(AppContext.BaseDirectory) ?? Find(Environment.CurrentDirectory)
        ?? throw new EvoluteInputException($"The bundled model models/{Name} is neither beside the program nor beside the current directory; name a model's folder with --model.");

    internal static string? Find(string start)
    {
        for (DirectoryInfo? at = new(start); at is not null; at = at.Parent)
        {
            string folder = Path.Combine(at.FullName, "models", Name);
            if (File.Exists(Path.Combine(folder, "config.json"))) return folder;
        }
        return null;
    }
}
