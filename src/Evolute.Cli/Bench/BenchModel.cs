using Evolute.Models;
using Evolute.Models.Gguf;
using Evolute.Text;

namespace Evolute.Cli.Bench;

/// <summary>The model that is measured: one with weights of its own, or a shape with random ones.</summary>
/// <param name="Name">Its name for people.</param>
/// <param name="Config">config.json.</param>
/// <param name="Spec">What it says.</param>
/// <param name="Directory">The model's folder; null of a shape.</param>
internal sealed record BenchModel(string Name, ConfigReader Config, ModelSpec Spec, ModelDirectory? Directory)
{
    /// <summary>A model's folder.</summary>
    public static BenchModel OfFolder(string folder)
    {
        ModelDirectory directory = ModelDirectory.Open(folder);
        return new(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), new(directory.Config, Path.Combine(folder, ModelFiles.Config)), directory.Spec, directory);
    }

    /// <summary>A shape, by name or config.json.</summary>
    public static BenchModel OfShape(string shape)
    {
        (string name, ConfigReader config) = ShapeCatalog.Find(shape);
        return new(name, config, ModelFamilies.Of(config).ReadSpec(config), null);
    }

    /// <summary>Its weights.</summary>
    public WeightTable Weights(ulong seed, int threads) => Directory?.LoadWeights() ?? RandomWeights.Of(Spec, seed, threads);

    /// <summary>Writes it as a GGUF file of float32.</summary>
    public void WriteGguf(string path, WeightTable weights, VerbCall call) => InFolder(folder =>
    {
        Tokenizer? tokenizer = File.Exists(Path.Combine(folder.Path, TokenizerFileName)) ? Tokenizer.Load(folder.Path) : null;
        GgufModel file = GgufModel.Of(Name, folder, weights, GgufType.F32, call.Streams.Error.WriteLine, tokenizer is null ? null : text => tokenizer.Encode(text));
        Progress.Run(call.Streams, $"Writing {path}", "MiB", ByteProgress.Total(file.Bytes), progress => file.Write(path, new ByteProgress(progress).Advance, call.Cancellation));
    });

    /// <summary>Writes it as a folder in Hugging Face layout, of float32.</summary>
    public void WriteFolder(string path, WeightTable weights) => InFolder(folder =>
        ModelWriter.Write(path, folder, weights, $"# {Name}\n\nWeights that Evolute's measurements were taken with{(Directory is null ? "; they are random, and so is what the model says" : "")}.\n", new ModelWriteSettings { StoredType = StoredType.F32 }));

    private const string TokenizerFileName = "tokenizer.json";

    /// <summary>The model's folder; a shape gets one for the time being, with a tokenizer of bytes.</summary>
    private void InFolder(Action<ModelDirectory> write)
    {
        if (Directory is not null)
        {
            write(Directory);
            return;
        }
        DirectoryInfo folder = System.IO.Directory.CreateTempSubdirectory("evolute-shape-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, ModelFiles.Config), Config.Json.GetRawText());
            File.WriteAllText(Path.Combine(folder.FullName, TokenizerFileName), ByteTokenizer.Json(Spec.VocabularySize));
            write(ModelDirectory.Open(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
