using System.Diagnostics.CodeAnalysis;

namespace Evolute.Models;

/// <summary>
/// A model's float32 master weights: one <see cref="WeightTensor"/> a tensor, in ordinal order of the names' UTF-8 bytes.
/// Tied weights are here once, under the input embedding's name.
/// </summary>
public sealed class WeightTable : IDisposable
{
    private readonly List<WeightTensor> _tensors = [];
    private readonly Dictionary<string, WeightTensor> _byName = new(StringComparer.Ordinal);

    /// <summary>A table of zeros.</summary>
    /// <param name="tensors">Names must differ; order does not matter.</param>
    /// <exception cref="EvoluteFaultException">There is not enough memory.</exception>
    public WeightTable(IEnumerable<TensorSpec> tensors) : this(tensors, clear: true) { }

    internal WeightTable(IEnumerable<TensorSpec> tensors, bool clear)
    {
        try
        {
            foreach (TensorSpec spec in tensors.OrderBy(t => t.Name, Utf8Order.Instance))
            {
                if (_byName.ContainsKey(spec.Name)) throw new ArgumentException($"Tensor '{spec.Name}' is there twice.", nameof(tensors));
                WeightTensor tensor = new(spec, clear);
                _tensors.Add(tensor);
                _byName.Add(tensor.Name, tensor);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The tensors in ordinal order of their names' UTF-8 bytes.</summary>
    public IReadOnlyList<WeightTensor> Tensors => _tensors;

    /// <summary>Number of weights, tied ones counted once.</summary>
    public long ParameterCount => _tensors.Sum(t => t.Length);

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public WeightTensor this[string name] =>
        TryGet(name, out WeightTensor? tensor) ? tensor : throw new KeyNotFoundException($"There is no tensor '{name}' in the weights.");

    /// <summary>Finds a tensor by name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out WeightTensor? tensor) => _byName.TryGetValue(name, out tensor);

    /// <summary>A copy in memory of its own.</summary>
    public WeightTable Clone()
    {
        WeightTable copy = new(_tensors.Select(t => new TensorSpec(t.Name, t.Shape, t.StoredType)), clear: false);
        for (int i = 0; i < _tensors.Count; i++) copy._tensors[i].CopyFrom(_tensors[i]);
        return copy;
    }

    /// <summary>Frees the memory; tensors and pointers into them are invalid from here on.</summary>
    public void Dispose()
    {
        foreach (WeightTensor tensor in _tensors) tensor.Free();
    }
}
