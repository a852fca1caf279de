using System.Reflection;
using Evolute.Rewards;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Evolute.Cli;

/// <summary>A reward in a single C# file, compiled against this program and .NET. Its code runs in this process with all of its rights.</summary>
internal static class RewardSource
{
    private const int ShownErrors = 3;

    /// <summary>What every file may leave out.</summary>
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Globalization;
        global using System.Linq;
        global using System.Text.Json;
        global using System.Text.RegularExpressions;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Evolute.Rewards;
        """;

    /// <summary>Compiles a file and makes its reward.</summary>
    /// <exception cref="EvoluteInputException">It does not compile, or has no reward.</exception>
    public static IReward Compile(string path, string? type)
    {
        CSharpParseOptions parse = new(LanguageVersion.Latest);
        using FileStream file = File.OpenRead(path);
        SyntaxTree[] trees = [CSharpSyntaxTree.ParseText(SourceText.From(file), parse, path), CSharpSyntaxTree.ParseText(Usings, parse)];
        string platform = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        MetadataReference[] references = [.. platform.Split(Path.PathSeparator).Where(File.Exists).Select(p => MetadataReference.CreateFromFile(p))];
        CSharpCompilation compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(path), trees, references, new(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        using MemoryStream image = new();
        EmitResult result = compilation.Emit(image);
        if (!result.Success)
        {
            Diagnostic[] errors = [.. result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)];
            string shown = string.Join("; ", errors.Take(ShownErrors).Select(e => $"line {e.Location.GetLineSpan().StartLinePosition.Line + 1}: {e.GetMessage()}"));
            throw new EvoluteInputException($"--reward: {path} does not compile: {shown}{(errors.Length > ShownErrors ? $"; and {errors.Length - ShownErrors} more" : "")}.");
        }
        return RewardAssembly.Make(Assembly.Load(image.ToArray()), path, type);
    }
}
