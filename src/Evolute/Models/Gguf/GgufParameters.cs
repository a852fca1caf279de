namespace Evolute.Models.Gguf;

/// <summary>A model's parameters on their way into a file's metadata.</summary>
/// <param name="Metadata">Where they go.</param>
/// <param name="Family">What llama.cpp makes of the family.</param>
/// <param name="Spec">The model.</param>
/// <param name="Config">Its config.json, for what only llama.cpp's metadata asks for.</param>
/// <param name="Tensors">Tensors that are made of parameters.</param>
/// <param name="Note">Told in a sentence what llama.cpp does otherwise.</param>
internal sealed record GgufParameters(GgufMetadata Metadata, GgufFamily Family, ModelSpec Spec, ConfigReader Config, List<GgufTensor> Tensors, Action<string> Note)
{
    /// <summary>Adds all of them.</summary>
    /// <exception cref="EvoluteInputException">A parameter has a value that llama.cpp cannot be told.</exception>
    public void Describe()
    {
        Metadata.Add(Key("block_count"), Spec.LayerCount);
        Metadata.Add(Key("context_length"), Spec.MaxPositions);
        Metadata.Add(Key("embedding_length"), Spec.HiddenSize);
        Metadata.Add(Key("feed_forward_length"), Spec.IntermediateSize);
        Metadata.Add(Key("attention.head_count"), Spec.HeadCount);
        Metadata.Add(Key("attention.head_count_kv"), Spec.KeyValueHeadCount);
        Metadata.Add(Key("attention.layer_norm_rms_epsilon"), Spec.NormEpsilon);
        Metadata.Add(Key("attention.key_length"), Spec.HeadSize);
        Metadata.Add(Key("attention.value_length"), Spec.HeadSize);
        Metadata.Add(Key("rope.freq_base"), Spec.Rope.Theta);
        Metadata.Add(Key("vocab_size"), Spec.VocabularySize);
        RopeParameters.Describe(this);
        Family.Describe(this);
    }

    /// <summary>Tells where llama.cpp has no sliding window although the model has one.</summary>
    public void NoteWindow(int window)
    {
        if (window > 0 && window < Spec.MaxPositions) Note($"llama.cpp lets {Spec.Family} models see further back than this one's window of {window} tokens, so longer texts go on differently there.");
    }

    /// <summary>A key of the architecture.</summary>
    public string Key(string name) => $"{Family.Architecture}.{name}";
}
