using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Evolute.Cli;

/// <summary>Where a verb reads and writes: results to <paramref name="Out"/>, everything else to <paramref name="Error"/>, all in UTF-8.</summary>
/// <param name="OpenIn">Opens standard input.</param>
/// <param name="Out">Standard output; buffered, so that whoever streams flushes.</param>
/// <param name="Error">Standard error.</param>
/// <param name="OutIsTerminal">Whether a person sees what is written to <paramref name="Out"/>.</param>
/// <param name="ErrorIsTerminal">Whether a person sees what is written to <paramref name="Error"/>.</param>
internal sealed record ToolStreams(Func<Stream> OpenIn, TextWriter Out, TextWriter Error, bool OutIsTerminal, bool ErrorIsTerminal)
{
    private const int StandardOutput = 1;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static ToolStreams OfProcess() => new(
        StandardInput.Open,
        new StreamWriter(OpenOut(), Utf8, bufferSize: 1 << 14),
        new StreamWriter(new ExpendableStream(Console.OpenStandardError()), Utf8) { AutoFlush = true },
        !Console.IsOutputRedirected,
        !Console.IsErrorRedirected);

    /// <summary>
    /// The console's own stream swallows a broken pipe, so that <c>evolute … | head</c> would work on for nobody; a file stream
    /// tells. It is used for pipes only: to a file that standard error shares it would write at offsets of its own.
    /// </summary>
    private static Stream OpenOut()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) return Console.OpenStandardOutput();
        FileStream stream = new(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? Console.OpenStandardOutput() : stream;
    }
}
