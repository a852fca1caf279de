using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Evolute.Engines.Cpu;
using Evolute.Engines.Cpu.Kernels;
using Evolute.Numerics;
using Evolute.Runs;
using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>The same settings give the same bits, whatever the threads, the batch and the instruction set.</summary>
public class SameBitsTests
{
    private static readonly TinyRun Greedy = new() { EvalEvery = 2 }, Sampled = new() { EvalEvery = 2, Temperature = 0.8 };

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(2, 1)]
    [InlineData(1, 5)]
    [InlineData(2, 64)]
    public void Threads_and_batch_size_do_not_matter(int threads, int batch)
    {
        foreach (TinyRun run in (TinyRun[])[Greedy, Sampled])
        {
            using TempFolder temp = new();
            ToolResult result = Tool.Call(run.Train(
                temp["run"], "--threads", threads.ToString(CultureInfo.InvariantCulture), "--batch-size", batch.ToString(CultureInfo.InvariantCulture)));
            Assert.True(result.Code == 0, result.Error);
            RunBits.AssertStraight(run, temp["run"]);
        }
    }

    [Theory]
    [InlineData("off", 1, 0)]
    [InlineData("on", 1, 0)]
    [InlineData("on", 2, 3)]
    [InlineData("on", 3, 64)]
    [InlineData("auto", 2, 5)]
    public void Drafts_do_not_matter(string speculate, int threads, int batch)
    {
        foreach (TinyRun run in (TinyRun[])[Greedy, Sampled])
        {
            using TempFolder temp = new();
            ToolResult result = Tool.Call(run.Train(
                temp["run"], "--speculate", speculate, "--threads", threads.ToString(CultureInfo.InvariantCulture), "--batch-size", batch.ToString(CultureInfo.InvariantCulture)));
            Assert.True(result.Code == 0, result.Error);
            RunBits.AssertStraight(run, temp["run"]);
            long drafted = File.ReadLines(Path.Combine(temp["run"], "timings.jsonl")).Sum(line => JsonElement.Parse(line).GetProperty("drafted").GetInt64());
            if (speculate != "auto") Assert.Equal(speculate == "on", drafted > 0);
        }
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "0")]
    [InlineData("DOTNET_EnableAVX2", "0")]
    [InlineData("DOTNET_EnableHWIntrinsic", "0")]
    [InlineData(VectorWidth.Variable, "1")]
    [InlineData(VectorWidth.Variable, "4")]
    [InlineData(VectorWidth.Variable, "8")]
    [InlineData(VectorWidth.Variable, "16")]
    public void The_instruction_set_does_not_matter(string variable, string value)
    {
        using TempFolder temp = new();
        ToolResult result = Tool.RunWith(new Dictionary<string, string> { [variable] = value }, "", Greedy.Train(temp["run"]));
        Assert.True(result.Code == 0, result.Error);
        RunBits.AssertStraight(Greedy, temp["run"]);
    }

    /// <summary>.NET 10 knows AVX-512 as EnableAVX512; the EnableAVX512F of older versions does nothing.</summary>
    [Theory]
    [InlineData("DOTNET_EnableAVX512", 8, true)]
    [InlineData("DOTNET_EnableAVX2", 4, false)]
    [InlineData("DOTNET_EnableHWIntrinsic", 1, false)]
    public void The_variables_take_instruction_sets_away(string variable, int lanes, bool fma)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "The variables are those of x64.");
        Assert.SkipUnless(FusedMultiplyAdd.IsHardware, "The machine has no AVX2 to take away.");
        ToolResult result = Tool.RunWith(new Dictionary<string, string> { [variable] = "0" }, "", "env", "--json");
        Assert.Equal((lanes, fma), (result.Json.GetProperty("vector_lanes").GetInt32(), result.Json.GetProperty("hardware_fma").GetBoolean()));
    }

    [Fact]
    public void Bfloat16_copies_are_a_run_of_their_own_and_its_bits_do_not_depend_on_threads()
    {
        using TempFolder temp = new();
        Assert.Equal(0, Tool.Call(Greedy.Train(temp["float32"])).Code);
        Assert.Equal(0, Tool.Call(Greedy.Train(temp["one"], "--packed", "bfloat16", "--threads", "1")).Code);
        Assert.Equal(0, Tool.Call(Greedy.Train(temp["three"], "--packed", "bfloat16", "--threads", "3", "--batch-size", "5")).Code);
        string[] Journal(string run) => File.ReadAllLines(Path.Combine(temp[run], "journal.jsonl"));
        Assert.Equal(Journal("one"), Journal("three"));
        Assert.NotEqual(Journal("float32"), Journal("one"));
        ToolResult changed = Tool.Call("train", "countdown", "--resume", "--output", temp["one"], "--packed", "float32");
        Assert.Equal(2, changed.Code);
        Assert.Contains("--packed: the run was begun with bfloat16, not float32", changed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_member_on_all_threads_does_not_matter()
    {
        using TempFolder temp = new();
        Assert.Equal(0, Tool.Call(Greedy.Train(temp["straight"])).Code);
        RunSettings settings = RunSettings.Read(temp["straight"]);
        using (TrainingRun run = TrainingRun.Create(temp["run"], settings, new((spec, weights, _) => new CpuEngine(spec, weights, threads: 2, CpuKernels.Best, sideBySide: false))))
            run.Execute(new TrainingObserver(), TestContext.Current.CancellationToken);
        RunBits.AssertStraight(Greedy, temp["run"]);
    }
}
