using System.Text.Json;
using Evolute.Engines.Cpu;
using Evolute.Engines.Cpu.Kernels;
using Evolute.Evolution;
using Evolute.Generation;
using Evolute.Models;
using Evolute.Noise;
using Evolute.Tasks;
using Evolute.Tests.Engines;
using Evolute.Tests.Models;
using Evolute.Tests.Text;
using Evolute.Text;

namespace Evolute.Tests.Evolution;

/// <summary>An answer that several members give is judged once.</summary>
public class SharedRewardTests
{
    [Theory]
    [InlineData(1e-12)]
    [InlineData(0.05)]
    public void An_answer_is_judged_once_and_counts_for_every_member_that_gave_it(double sigma)
    {
        ModelSpec spec = ConfiguredModel.Spec("qwen2", ("vocab_size", "306"));
        Tokenizer tokenizer = SmallTokenizer.Load();
        using CpuEngine engine = new(spec, TinyModel.Weights(spec), 1, CpuKernels.Best, sideBySide: true);
        JudgedTask task = new();
        EncodedProblem[] problems = [.. task.Problems(TaskSplit.Train, 5, 0).Select(p => new EncodedProblem(p, tokenizer.Encode(p.Prompt)))];
        Perturbation[] members = EvolutionLoop.Population(new() { Population = 6 }, 1);
        GenerationSettings settings = new() { MaxNewTokens = 6 };
        Generator generator = new(engine, tokenizer, 3);
        ResponseTotals[] totals = new ResponseEvaluation(engine, generator, task).OfMembers(members, (float)sigma, problems, settings, TestContext.Current.CancellationToken);

        HashSet<(int, string)> answers = [];
        for (int n = 0; n < members.Length; n++)
        {
            engine.Prepare(0, members[n], (float)sigma);
            Completion[] completions = generator.Run(0, [.. problems.Select(p => p.Ids)], settings, default, stop: TestContext.Current.CancellationToken);
            for (int i = 0; i < problems.Length; i++) answers.Add((i, completions[i].Text));
            Assert.Equal(completions.Select((c, i) => JudgedTask.ScoreOf(problems[i].Problem, c.Text)).Sum() / problems.Length, totals[n].Reward);
        }
        Assert.Equal(answers.Count, task.Judged);
        Assert.InRange(answers.Count, problems.Length, members.Length * problems.Length - 1);
        if (sigma < 1e-6) Assert.Equal(problems.Length, answers.Count);
    }

    /// <summary>Counts how often it is asked to judge.</summary>
    private sealed class JudgedTask : TuningTask
    {
        public int Judged { get; private set; }

        public override string Name => "judged";

        public override IReadOnlyList<string> PartNames => [];

        public static double ScoreOf(TaskProblem problem, string response) => response.Sum(c => c % 7) + problem.Id.Length;

        // Two problems with the same prompt are still two.
        public override IReadOnlyList<TaskProblem> Problems(TaskSplit split, int count, ulong seed) =>
            [.. Enumerable.Range(0, count).Select(i => new TaskProblem { Id = new string('p', i + 1), Prompt = i < 2 ? "same" : $"ask {i}", Columns = default })];

        public override RewardResult Score(TaskProblem problem, string response)
        {
            Judged++;
            return new(ScoreOf(problem, response), new Dictionary<string, double>(), false);
        }

        public override TaskProblem FromRow(JsonElement row, string place) => throw new NotSupportedException();
    }
}
