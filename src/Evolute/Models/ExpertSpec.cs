namespace Evolute.Models;

/// <summary>Feed-forward layers of which each token uses a few, chosen by a router: a softmax over all, then the likeliest.</summary>
public sealed record ExpertSpec
{
    /// <summary>Experts of a layer, E.</summary>
    public required int Count { get; init; }

    /// <summary>Experts that a token uses.</summary>
    public required int Active { get; init; }

    /// <summary>Width of one expert.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Whether the shares of a token's experts are divided by their sum.</summary>
    public required bool SharesSumToOne { get; init; }

    /// <summary>Part of the tensors' names: the block within a layer.</summary>
    public string Block { get; init; } = "mlp";

    /// <summary>Part of the tensors' names: an expert's gate.</summary>
    public string Gate { get; init; } = "gate_proj";

    /// <summary>Part of the tensors' names: an expert's other input matrix.</summary>
    public string Up { get; init; } = "up_proj";

    /// <summary>Part of the tensors' names: an expert's output.</summary>
    public string Down { get; init; } = "down_proj";
}
