using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Evolute.Models.Hub;

/// <summary>The hash of a file's content as the hub counts it: SHA-256, or for small files git's SHA-1 of a blob.</summary>
internal sealed class BlobHash : IDisposable
{
    private readonly IncrementalHash _hash;
    private readonly string _expected;

    public BlobHash(HubFile file)
    {
        _expected = file.Hash;
        bool git = file.Hash.Length == 40;
        _hash = IncrementalHash.CreateHash(git ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
        if (git) _hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {file.Bytes}\0")));
    }

    public void Append(ReadOnlySpan<byte> data) => _hash.AppendData(data);

    /// <summary>Whether all that was appended is the file.</summary>
    public bool Matches() => Convert.ToHexStringLower(_hash.GetHashAndReset()) == _expected;

    public void Dispose() => _hash.Dispose();
}
