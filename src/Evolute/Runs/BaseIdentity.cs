using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Evolute.Models;

namespace Evolute.Runs;

/// <summary>What must be the same of a base model for a run to go on to the same bits.</summary>
/// <param name="WeightsSha256">Of its weights.</param>
/// <param name="FilesSha256">Of the files that say how it computes, how it reads a prompt and when it stops.</param>
internal sealed record BaseIdentity(string WeightsSha256, string FilesSha256)
{
    private static readonly string[] Files = ["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "chat_template.json"];

    /// <summary>Loads the base weights, once for their fingerprint and for whoever goes on with them.</summary>
    public static (BaseIdentity Identity, WeightTable Weights) Load(ModelDirectory model, CancellationToken stop)
    {
        WeightTable weights = model.LoadWeightsInterruptibly(stop);
        try
        {
            stop.ThrowIfCancellationRequested();
            return (new(WeightsDigest.Sha256(weights), OfFiles(model.Path)), weights);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Checks that a run was begun with this base.</summary>
    /// <exception cref="EvoluteInputException">It was not.</exception>
    public void Require(RunSettings settings)
    {
        if (WeightsSha256 != settings.BaseSha256)
            throw new EvoluteInputException($"{settings.Model}: these are not the run's base weights: their SHA-256 is {WeightsSha256}, the run's is {settings.BaseSha256}; give the base model with --model.");
        if (FilesSha256 != settings.BaseFilesSha256)
            throw new EvoluteInputException($"{settings.Model}: {string.Join(", ", Files[..^1])} or {Files[^1]} has changed since the run was begun; give the base model as it was with --model.");
    }

    private static string OfFiles(string folder)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(long)];
        foreach (string name in Files.Where(name => File.Exists(Path.Combine(folder, name))))
        {
            byte[] content = Read(Path.Combine(folder, name));
            BinaryPrimitives.WriteInt64LittleEndian(length, content.Length);
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(length);
            hash.AppendData(content);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvoluteInputException($"{path}: the file cannot be read: {e.Message}", e);
        }
    }
}
