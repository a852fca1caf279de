namespace Evolute.Text.Jinja;

/// <summary>Anything that is wrong with a template or with what it does; whoever knows the line adds it.</summary>
internal sealed class TemplateException(string message) : Exception(message)
{
    public int? Line { get; set; }
}
