using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Evolute.Models;

/// <summary>
/// A safetensors file open for reading. Reads are positional, so a file that is cut or fails under the reader
/// ends in an exception where a memory map would end the process; threads may read different tensors at once.
/// </summary>
internal sealed class SafetensorsFile : IDisposable
{
    /// <summary>The format's own limit.</summary>
    private const long MaxHeaderBytes = 100_000_000;

    private readonly SafeFileHandle _handle;
    private readonly long _dataStart;

    private SafetensorsFile(string path, SafeFileHandle handle, long dataStart, Dictionary<string, SafetensorsEntry> tensors)
    {
        Path = path;
        _handle = handle;
        _dataStart = dataStart;
        Tensors = tensors;
    }

    public string Path { get; }

    /// <summary>What the header describes, by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Tensors { get; }

    /// <summary>Opens a file and checks its header against its size.</summary>
    /// <exception cref="EvoluteInputException">The file is absent, unreadable, cut short, damaged or not a safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path);
            long size = RandomAccess.GetLength(handle);
            if (size < 8) throw new EvoluteInputException($"{path}: {size} bytes are too few for a safetensors file; download or copy it again.");
            Span<byte> prefix = stackalloc byte[8];
            ReadExactly(handle, prefix, 0, path);
            ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (headerBytes is 0 or > MaxHeaderBytes)
                throw new EvoluteInputException($"{path}: a header of {headerBytes} bytes is impossible (the limit is {MaxHeaderBytes}); the file is damaged or not a safetensors file.");
            if (headerBytes > (ulong)(size - 8))
                throw new EvoluteInputException($"{path}: the file is cut short: its header takes {headerBytes} bytes and {size - 8} are there; download or copy it again.");
            byte[] json = new byte[headerBytes];
            ReadExactly(handle, json, 8, path);
            long dataStart = 8 + (long)headerBytes;
            return new SafetensorsFile(path, handle, dataStart, SafetensorsHeader.Parse(json, size - dataStart, path));
        }
        catch (Exception e)
        {
            handle?.Dispose();
            if (e is FileNotFoundException or DirectoryNotFoundException)
                throw new EvoluteInputException($"{path}: there is no such file.", e);
            if (e is IOException or UnauthorizedAccessException or NotSupportedException)
                throw new EvoluteInputException($"{path}: the file cannot be read: {e.Message}", e);
            throw;
        }
    }

    /// <summary>Fills <paramref name="target"/> with the tensor's bytes from <paramref name="offset"/> on.</summary>
    /// <exception cref="EvoluteInputException">The file ends before its header says so, or cannot be read.</exception>
    public void ReadBytes(SafetensorsEntry entry, long offset, Span<byte> target)
    {
        if (offset < 0 || offset + target.Length > entry.End - entry.Begin) throw new ArgumentOutOfRangeException(nameof(offset));
        try
        {
            ReadExactly(_handle, target, _dataStart + entry.Begin + offset, Path);
        }
        catch (IOException e)
        {
            throw new EvoluteInputException($"{Path}: tensor {Quoted.Text(entry.Name)} cannot be read: {e.Message}", e);
        }
    }

    public void Dispose() => _handle.Dispose();

    private static void ReadExactly(SafeFileHandle handle, Span<byte> target, long at, string path)
    {
        while (target.Length > 0)
        {
            int read = RandomAccess.Read(handle, target, at);
            if (read == 0) throw new EvoluteInputException($"{path}: the file ends too early; download or copy it again.");
            target = target[read..];
            at += read;
        }
    }
}
