using System.Text;
using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Models;
using Evolute.Runs;
using Evolute.Text;

namespace Evolute.Cli;

/// <summary>The model that <c>--compare-to</c> means, and whether it can be compared with.</summary>
internal static class BaseModel
{
    /// <summary>The word for the base of the run that the tuned model is the result of.</summary>
    private const string OfRun = "base";

    /// <summary>The base's folder.</summary>
    /// <param name="call">The call.</param>
    /// <param name="named">What is named: a folder, a model of the hub, or <c>base</c>.</param>
    /// <param name="tuned">The tuned model's folder.</param>
    /// <param name="flag">The flag, for sentences.</param>
    /// <exception cref="EvoluteInputException">There is none.</exception>
    public static string Find(VerbCall call, string named, string tuned, string flag)
    {
        if (named != OfRun || Directory.Exists(named)) return ModelFolder.Find(call, named, flag).Path;
        string? run = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(tuned)));
        if (run is null || !RunSettings.Exists(run)) throw new EvoluteInputException($"{flag} {OfRun}: {tuned} does not lie in a run's folder; name the base model's folder.");
        string model = RunSettings.Read(run).Model;
        return Directory.Exists(model) ? model : throw new EvoluteInputException($"{flag} {OfRun}: the run's base, {model}, is not there any more; name the base model's folder.");
    }

    /// <summary>Checks before any weights are read that both models read and write the same tokens and fit into memory together: logits of one are needed beside the other's.</summary>
    /// <exception cref="EvoluteInputException">They do not.</exception>
    public static void RequireComparable(ModelDirectory tuned, ModelDirectory other, Tokenizer tokenizer, int threads, PackedType packed)
    {
        if (tuned.Spec.VocabularySize != other.Spec.VocabularySize)
            throw new EvoluteInputException($"{other.Path} has a vocabulary of {other.Spec.VocabularySize} tokens and {tuned.Path} one of {tuned.Spec.VocabularySize}; compare with the model that this one was tuned from.");
        ModelComparison.RequireSameTokens(tokenizer, Tokenizer.Load(other.Path), tuned.Path, other.Path);
        long need = CpuMemory.Of(tuned.Spec, threads, packed).Weights + CpuMemory.Of(other.Spec, threads, packed).Weights, available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (need > available) throw new EvoluteInputException($"The two models need {ByteCount.Text(need)} of memory together, and this machine has {ByteCount.Text(available)}; use --packed bfloat16 or a larger machine.");
    }

    /// <summary>The tokens of a text file, or null where none is named.</summary>
    /// <exception cref="EvoluteInputException">It cannot be read, or is too short.</exception>
    public static int[]? Text(string? file, string flag, Tokenizer tokenizer)
    {
        if (file is null) return null;
        string text;
        try
        {
            text = File.ReadAllText(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EvoluteInputException($"{flag}: there is no file {Quoted.Text(file)}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new EvoluteInputException($"{flag}: the file {Quoted.Text(file)} cannot be read as UTF-8 text: {e.Message}", e);
        }
        int[] ids = tokenizer.Encode(text, addSpecialTokens: true);
        return ids.Length >= 2 ? ids : throw new EvoluteInputException($"{flag}: {Quoted.Text(file)} has {ids.Length} tokens, and perplexity needs two; give a longer text.");
    }
}
