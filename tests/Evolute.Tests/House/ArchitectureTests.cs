using ArchUnitNET.Domain;
using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Evolute.Tests.House;

/// <summary>
/// The folders follow the flow of data, and no dependency runs against it. A rule about a namespace that nothing lives in yet holds.
/// </summary>
public class ArchitectureTests
{
    /// <summary>Each may depend on those before it and on none after it.</summary>
    private static readonly string[] Flow = ["Numerics", "Noise", "Models", "Engines", "Generation", "Rewards", "Evolution", "Runs", "Cli"];

    private static readonly System.Reflection.Assembly Library = typeof(EvoluteInputException).Assembly;
    private static readonly System.Reflection.Assembly Tool = System.Reflection.Assembly.Load("Evolute.Cli");
    private static readonly Architecture House = new ArchLoader().LoadAssemblies(Library, Tool).Build();

    public static TheoryData<string, string> Forbidden
    {
        get
        {
            TheoryData<string, string> pairs = [];
            for (int i = 0; i < Flow.Length; i++)
                for (int j = i + 1; j < Flow.Length; j++)
                    pairs.Add(Flow[i], Flow[j]);
            // Text turns text into token ids; engines know ids only.
            foreach (string later in (string[])["Engines", "Generation", "Evolution", "Runs", "Cli", "Tasks"]) pairs.Add("Text", later);
            foreach (string earlier in (string[])["Numerics", "Noise", "Models", "Engines"]) pairs.Add(earlier, "Text");
            // Tasks are problems and rewards, in text; who makes tensors knows no task.
            foreach (string other in (string[])["Numerics", "Models", "Text", "Engines", "Generation", "Rewards", "Evolution", "Runs", "Cli"]) pairs.Add("Tasks", other);
            foreach (string other in (string[])["Numerics", "Noise", "Models", "Engines", "Generation"]) pairs.Add(other, "Tasks");
            return pairs;
        }
    }

    [Theory, MemberData(nameof(Forbidden))]
    public void No_dependency_runs_against_the_flow(string from, string to) => Assert.Empty(Violations(In(from), In(to)));

    [Fact]
    public void Tasks_use_counters_and_hashes_of_the_noise_only()
    {
        string noise = string.Join('|', Library.GetTypes().Where(t => t.Namespace == "Evolute.Noise" && t.Name is not ("Philox" or "TensorId")).Select(t => t.Name));
        Assert.Empty(Violations(In("Tasks"), $@"^Evolute\.Noise\.({noise})$"));
    }

    [Fact]
    public void Kernels_are_known_to_engines_only() =>
        Assert.Empty(Violations(@"^Evolute\.(?!Engines\.)", @"^Evolute\.Engines\.Cpu\.Kernels\."));

    [Fact]
    public void The_library_references_no_command_line()
    {
        string[] references = [.. Library.GetReferencedAssemblies().Select(a => a.Name!)];
        Assert.DoesNotContain(references, r => r.StartsWith("Spectre", StringComparison.Ordinal) || r is "System.CommandLine" or "Evolute.Cli");
    }

    [Theory]
    [InlineData("Noise", "Numerics")]
    [InlineData("Engines", "Models")]
    [InlineData("Tasks", "Noise")]
    public void The_rules_see_dependencies_that_are_there(string from, string to) => Assert.NotEmpty(Violations(In(from), In(to)));

    private static string In(string part) => $@"^Evolute\.{part}\.";

    /// <summary>One sentence for each type that matches <paramref name="from"/> and depends on one that matches <paramref name="to"/>.</summary>
    private static IEnumerable<string> Violations(string from, string to)
    {
        IArchRule rule = Types().That().HaveFullNameMatching(from)
            .Should().NotDependOnAny(Types().That().HaveFullNameMatching(to))
            .WithoutRequiringPositiveResults();
        return rule.Evaluate(House).Where(result => !result.Passed).Select(result => result.Description);
    }
}
