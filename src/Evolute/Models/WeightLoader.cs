using System.Runtime.InteropServices;

namespace Evolute.Models;

/// <summary>Loads a checkpoint into float32 masters and checks it against what the spec says must be there.</summary>
internal static class WeightLoader
{
    private const int ChunkElements = 1 << 18;

    /// <summary>Loads all weights.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="checkpoint">Where they are.</param>
    /// <param name="storedAs">The types that they are to be stored in again, or null for those of the checkpoint.</param>
    /// <param name="stop">Ends it with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="EvoluteInputException">
    /// A tensor is missing, superfluous, of a wrong shape or type, or holds NaN or infinity.
    /// </exception>
    /// <exception cref="EvoluteFaultException">There is not enough memory.</exception>
    public static WeightTable Load(ModelSpec spec, Checkpoint checkpoint, IReadOnlyList<TensorSpec>? storedAs = null, CancellationToken stop = default)
    {
        IReadOnlyList<TensorSpec> found = Check(spec, checkpoint);
        WeightTable weights = new(storedAs ?? found, clear: false);
        try
        {
            foreach (WeightTensor tensor in weights.Tensors) Read(Find(spec, checkpoint, tensor.Name)!.Value, tensor, stop);
            foreach (string copy in ModelTensors.EmbeddingCopies(spec))
                if (checkpoint.Tensors.TryGetValue(copy, out StoredTensor stored)) CheckTied(weights[ModelTensors.Embedding(spec)], stored, copy);
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>The spec's tensors with the types that they have in the checkpoint.</summary>
    public static IReadOnlyList<TensorSpec> Check(ModelSpec spec, Checkpoint checkpoint)
    {
        List<TensorSpec> tensors = [];
        HashSet<string> expected = new(StringComparer.Ordinal);
        foreach (TensorSpec wanted in ModelTensors.Of(spec))
        {
            expected.Add(wanted.Name);
            StoredTensor found = Find(spec, checkpoint, wanted.Name) ?? throw Missing(wanted.Name, checkpoint);
            tensors.Add(wanted with { StoredType = CheckOne(wanted, found) });
        }
        foreach ((string name, StoredTensor extra) in checkpoint.Tensors)
        {
            if (expected.Contains(name) || ModelTensors.IsIgnored(spec, name)) continue;
            if (!ModelTensors.EmbeddingCopies(spec).Contains(name))
                throw new EvoluteInputException($"{extra.File.Path}: tensor {Quoted.Text(name)} has no place in a {spec.Family} model as config.json describes it.");
            CheckOne(new TensorSpec(name, [spec.VocabularySize, spec.HiddenSize]), extra);
        }
        return tensors;
    }

    /// <summary>A tensor of the spec; a checkpoint that has the input embedding under another of its names only is whole, too.</summary>
    private static StoredTensor? Find(ModelSpec spec, Checkpoint checkpoint, string name)
    {
        if (checkpoint.Tensors.TryGetValue(name, out StoredTensor found)) return found;
        if (spec.EncoderDecoder is null || name != ModelTensors.Embedding(spec)) return null;
        foreach (string copy in ModelTensors.EmbeddingCopies(spec))
            if (checkpoint.Tensors.TryGetValue(copy, out found)) return found;
        return null;
    }

    private static StoredType CheckOne(TensorSpec wanted, StoredTensor found)
    {
        if (!found.Entry.Shape.AsSpan().SequenceEqual([.. wanted.Shape]))
            throw new EvoluteInputException(
                $"{found.File.Path}: tensor {Quoted.Text(wanted.Name)} has shape {Quoted.Shape(found.Entry.Shape)}, but config.json asks for {Quoted.Shape(wanted.Shape)}.");
        return found.Entry.StoredType ?? throw new EvoluteInputException(
            $"{found.File.Path}: tensor {Quoted.Text(wanted.Name)} is stored as {Quoted.Text(found.Entry.DType)}; weights must be F32, BF16 or F16.");
    }

    private static EvoluteInputException Missing(string name, Checkpoint checkpoint) => new(
        $"{checkpoint.Directory}: tensor '{name}' is not in the model's weights"
        + (name == TensorNames.Head ? "; if the input embedding stands for it, config.json must say \"tie_word_embeddings\": true." : ", but config.json asks for it."));

    private static void Read(StoredTensor stored, WeightTensor tensor, CancellationToken stop)
    {
        ushort[] buffer = stored.Entry.StoredType == StoredType.F32 ? [] : new ushort[Math.Min(ChunkElements, tensor.Length)];
        for (long start = 0; start < tensor.Length; start += ChunkElements)
        {
            stop.ThrowIfCancellationRequested();
            Span<float> chunk = tensor.Slice(start, (int)Math.Min(ChunkElements, tensor.Length - start));
            ReadChunk(stored, start, chunk, buffer);
            int bad = FiniteScan.FirstNonFinite(chunk);
            if (bad >= 0)
                throw new EvoluteInputException(
                    $"{stored.File.Path}: element {start + bad} of tensor {Quoted.Text(tensor.Name)} is {(float.IsNaN(chunk[bad]) ? "not a number" : "infinite")}; the checkpoint is damaged or its training diverged.");
        }
    }

    /// <summary>A checkpoint may hold the embedding under its other names too, as long as it is the same bit by bit.</summary>
    private static void CheckTied(WeightTensor embedding, StoredTensor copy, string name)
    {
        float[] chunk = new float[Math.Min(ChunkElements, embedding.Length)];
        ushort[] buffer = new ushort[chunk.Length];
        for (long start = 0; start < embedding.Length; start += ChunkElements)
        {
            int count = (int)Math.Min(ChunkElements, embedding.Length - start);
            ReadChunk(copy, start, chunk.AsSpan(0, count), buffer);
            if (!MemoryMarshal.AsBytes(embedding.Slice(start, count)).SequenceEqual(MemoryMarshal.AsBytes(chunk.AsSpan(0, count))))
                throw new EvoluteInputException($"{copy.File.Path}: tensor '{name}' differs from the input embedding {(name == TensorNames.Head
                    ? "although config.json says tie_word_embeddings; set it to false, or remove the tensor."
                    : $"'{embedding.Name}', of which it must be a copy; remove the wrong one.")}");
        }
    }

    private static void ReadChunk(StoredTensor stored, long start, Span<float> target, ushort[] buffer)
    {
        StoredType type = stored.Entry.StoredType!.Value;
        Span<byte> raw = type == StoredType.F32 ? MemoryMarshal.AsBytes(target) : MemoryMarshal.AsBytes(buffer.AsSpan(0, target.Length));
        stored.File.ReadBytes(stored.Entry, start * type.Size(), raw);
        if (type != StoredType.F32) FloatConversion.From16Bits(buffer.AsSpan(0, target.Length), target, type);
    }
}
