using Evolute.Models;

namespace Evolute.Tests.Models;

/// <summary>Creates files whose n-th creation, write or flush, counted over all of them, finds the disk full.</summary>
internal sealed class FaultyFiles(int failAt = int.MaxValue)
{
    private const int NoSpace = 28;

    /// <summary>Operations so far.</summary>
    public int Count { get; private set; }

    public Stream Open(string path)
    {
        Step();
        return new Faulty(this, DurableFile.Open(path));
    }

    private bool NextFails => Count == failAt;

    private void Step()
    {
        if (Count++ == failAt) throw new IOException("No space left on device", NoSpace);
    }

    private sealed class Faulty(FaultyFiles files, Stream inner) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => inner.Length;
        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            // A full disk takes part of a write before it refuses.
            if (files.NextFails) inner.Write(buffer[..(buffer.Length / 2)]);
            files.Step();
            inner.Write(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
            files.Step();
            inner.Flush();
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
