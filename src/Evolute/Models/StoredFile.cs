namespace Evolute.Models;

/// <summary>A file of a checkpoint as it was written.</summary>
/// <param name="Name">Its plain name in the folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Checksum">XXH3-64 of its bytes.</param>
internal sealed record StoredFile(string Name, long Bytes, ulong Checksum);
