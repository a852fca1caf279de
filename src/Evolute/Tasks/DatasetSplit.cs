using System.Text;
using Evolute.Noise;

namespace Evolute.Tasks;

/// <summary>
/// Which split a problem is in: by the hash of what is asked, one of ten in the tests and one in validation, so that a row stays where it is whatever other rows, seeds or prompts there are.
/// </summary>
internal static class DatasetSplit
{
    private const uint Domain = 0x44415441, Version = 1;
    private const int Tests = 0, Validations = 1, Parts = 10;

    /// <summary>The split of a problem.</summary>
    /// <param name="key">What is asked, as text.</param>
    public static TaskSplit Of(string key)
    {
        ulong hash = TensorId.Fnv1a64(Encoding.UTF8.GetBytes(key));
        // FNV's high bits know little of a text's end.
        var (w0, w1, _, _) = Philox.Block((uint)hash, (uint)(hash >> 32), Domain, Version, 0, 0);
        return ((w0 | (ulong)w1 << 32) % Parts) switch { Tests => TaskSplit.Test, Validations => TaskSplit.Validation, _ => TaskSplit.Train };
    }

    /// <summary>The split that a column's value names, or null.</summary>
    public static TaskSplit? Named(string name) => name switch
    {
        "train" or "training" => TaskSplit.Train,
        "validation" or "valid" or "val" or "dev" => TaskSplit.Validation,
        "test" => TaskSplit.Test,
        _ => null,
    };

    /// <summary>Some problems in an order that follows a seed: by counters, so that it is a function of the seed and the places alone.</summary>
    public static IEnumerable<TaskProblem> Shuffled(IEnumerable<TaskProblem> problems, ulong seed) => problems.Index()
        .OrderBy(p =>
        {
            var (w0, w1, _, _) = Philox.Block((uint)p.Index, 1, Domain, Version, (uint)seed, (uint)(seed >> 32));
            return w0 | (ulong)w1 << 32;
        })
        .ThenBy(p => p.Index).Select(p => p.Item);
}
