using System.Text;
using Evolute.Models;

namespace Evolute.Cli;

/// <summary>A template as it is given: its text, or <c>@FILE</c>.</summary>
internal static class TemplateText
{
    private const int MaxBytes = 1 << 20;

    /// <summary>The template's text.</summary>
    /// <exception cref="EvoluteInputException">The file is absent, too large or no text.</exception>
    public static string Read(string given, string flag)
    {
        if (!given.StartsWith('@')) return given;
        string path = given[1..];
        try
        {
            if (new FileInfo(path).Length > MaxBytes) throw new EvoluteInputException($"{flag}: the file {Quoted.Text(path)} is larger than {MaxBytes} bytes.");
            return File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EvoluteInputException($"{flag}: there is no file {Quoted.Text(path)}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new EvoluteInputException($"{flag}: the file {Quoted.Text(path)} cannot be read as UTF-8 text: {e.Message}", e);
        }
    }
}
