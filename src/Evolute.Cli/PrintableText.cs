namespace Evolute.Cli;

/// <summary>Text of models and files for the terminal.</summary>
internal static class PrintableText
{
    /// <summary>The text with a mark for every control character but line end and tab: a response may hold anything, escape sequences too.</summary>
    public static string Of(string text) => string.Concat(text.Select(c => char.IsControl(c) && c is not '\n' and not '\t' ? '\uFFFD' : c));
}
