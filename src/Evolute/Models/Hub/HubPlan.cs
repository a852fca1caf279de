namespace Evolute.Models.Hub;

/// <summary>A model whose small files are in the cache, and what is still to be fetched of its weights.</summary>
public sealed class HubPlan
{
    internal HubPlan(HubModelId id, string folder, IReadOnlyList<HubFile> weights) => (Id, Folder, Weights) = (id, folder, weights);

    /// <summary>The model at its commit.</summary>
    public HubModelId Id { get; }

    /// <summary>The snapshot's folder: the model in Hugging Face layout, once the weights are there.</summary>
    public string Folder { get; }

    /// <summary>Bytes of the files to fetch; some of them may be there from an earlier attempt.</summary>
    public long Bytes => Weights.Sum(f => f.Bytes);

    internal IReadOnlyList<HubFile> Weights { get; }
}
