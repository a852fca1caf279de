namespace Evolute.Cli;

/// <summary>Standard input whose reads end with <see cref="OperationCanceledException"/> when the tool is interrupted, also while nothing comes.</summary>
internal sealed class InterruptibleInput(Stream input, CancellationToken cancellation) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        // A read that is given up goes on in its thread until the process ends; nobody uses the buffer after that.
        Task<int> read = Task.Run(() => input.Read(buffer, offset, count), CancellationToken.None);
        return read.WaitAsync(cancellation).GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
