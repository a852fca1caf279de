using System.Globalization;
using System.Text.Json.Serialization;

namespace Evolute.Noise;

/// <summary>How a member's noise is made from normals.</summary>
public enum NoiseForm
{
    /// <summary>One independent normal for every weight.</summary>
    Full,

    /// <summary>
    /// A matrix W[out, in] gets A·Bᵀ/√r, A[out, r] and B[in, r] of normals (EGGROLL, arXiv 2511.16652); other tensors have full noise. Members need no weights
    /// of their own, so that one batch can mix them.
    /// </summary>
    LowRank,

    /// <summary>The weights are split at random into K parts, and a member's noise is in one of them, √K as large (CoPES, arXiv 2608.02391).</summary>
    Subspace,

    /// <summary>
    /// Every tensor begins the same normals anew, so that equal-shaped ones get equal noise, as in the reference implementation of arXiv 2509.24372; for replication.
    /// </summary>
    Correlated,
}

/// <summary>The form of a run's noise and what belongs to it; the default is full noise.</summary>
public readonly record struct NoiseKind
{
    private const int MostRanks = 1024, MostParts = 1024;

    /// <summary>The form.</summary>
    public NoiseForm Form { get; init; }

    /// <summary>r of <see cref="NoiseForm.LowRank"/>; 0 with other forms.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Rank { get; init; }

    /// <summary>K of <see cref="NoiseForm.Subspace"/>; 0 with other forms.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Parts { get; init; }

    /// <summary>A form with its defaults: rank 1, 4 parts.</summary>
    public static NoiseKind Of(NoiseForm form) => new() { Form = form, Rank = form == NoiseForm.LowRank ? 1 : 0, Parts = form == NoiseForm.Subspace ? 4 : 0 };

    /// <summary>Low-rank noise.</summary>
    public static NoiseKind LowRank(int rank) => new() { Form = NoiseForm.LowRank, Rank = rank };

    /// <summary>Noise in one of some parts.</summary>
    public static NoiseKind Subspace(int parts) => new() { Form = NoiseForm.Subspace, Parts = parts };

    /// <summary>Whether a tensor of so many dimensions gets a product of factors.</summary>
    public bool HasFactors(int dimensions) => Form == NoiseForm.LowRank && dimensions == 2;

    /// <summary>Checks the ranges.</summary>
    /// <param name="population">Members.</param>
    /// <param name="mirrored">Whether they come in pairs.</param>
    /// <exception cref="EvoluteInputException">A value is out of range, or belongs to another form; the sentence names the flag.</exception>
    public void Validate(int population, bool mirrored)
    {
        if (Form == NoiseForm.LowRank) Require(Rank is >= 1 and <= MostRanks, $"--rank must be from 1 to {MostRanks}; it is {Rank}");
        else Require(Rank == 0, "--rank is of --noise low-rank");
        if (Form != NoiseForm.Subspace)
        {
            Require(Parts == 0, "--parts is of --noise subspace");
            return;
        }
        Require(Parts is >= 2 and <= MostParts, $"--parts must be from 2 to {MostParts}; it is {Parts}");
        int unit = mirrored ? 2 * Parts : Parts;
        Require(population % unit == 0, mirrored
            ? $"--population must be a multiple of {unit}, so that each of the {Parts} parts of --parts has as many pairs; it is {population}"
            : $"--population must be a multiple of {unit}, so that each of the {Parts} parts of --parts has as many members; it is {population}");
    }

    private static void Require(bool holds, FormattableString rule)
    {
        if (!holds) throw new EvoluteInputException(rule.ToString(CultureInfo.InvariantCulture) + ".");
    }

    private static void Require(bool holds, string rule) => Require(holds, (FormattableString)$"{rule}");
}
