using System.Text.RegularExpressions;
using Evolute.Models;

namespace Evolute.Cli;

/// <summary>Finds the folder that <c>--model</c> means.</summary>
internal static partial class ModelFolder
{
    /// <summary>The folder; the bundled model's where nothing is named.</summary>
    /// <exception cref="EvoluteInputException">There is no such folder.</exception>
    public static string Of(string? model)
    {
        if (model is null) return BundledModel.Locate();
        if (Directory.Exists(model)) return model;
        if (HubId().IsMatch(model))
            throw new EvoluteInputException($"--model: there is no folder {Quoted.Text(model)}; if it is meant as a model of the Hugging Face hub, download it first and name its local folder.");
        throw new EvoluteInputException($"--model: there is no folder {Quoted.Text(model)}; name a model's folder in Hugging Face layout.");
    }

    [GeneratedRegex(@"\A\w[\w.-]*/\w[\w.-]*\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex HubId();
}
