using System.Text.Json;
using Evolute.Engines;
using Evolute.Engines.Cpu;
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

/// <summary>Rewards that are no numbers end the run before they reach a weight, whatever the population is made of.</summary>
public class BadRewardTests
{
    private const int Prompts = 2;

    public static TheoryData<NoiseForm, bool, Shaping> Kinds()
    {
        TheoryData<NoiseForm, bool, Shaping> kinds = [];
        foreach (NoiseForm form in Enum.GetValues<NoiseForm>())
            foreach (bool mirrored in (bool[])[false, true])
                foreach (Shaping shaping in Enum.GetValues<Shaping>())
                    if (mirrored || shaping != Shaping.Sign) kinds.Add(form, mirrored, shaping);
        return kinds;
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_reward_that_is_no_number_is_named_and_moves_no_weight(NoiseForm form, bool mirrored, Shaping shaping)
    {
        foreach (double bad in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            ModelSpec spec = ConfiguredModel.Spec("qwen2", ("vocab_size", "306"));
            Tokenizer tokenizer = SmallTokenizer.Load();
            using CpuEngine engine = new(spec, TinyModel.Weights(spec), 1);
            EvolutionSettings settings = new()
            {
                Population = 8,
                Mirrored = mirrored,
                Noise = NoiseKind.Of(form),
                Shaping = shaping,
                Sigma = 0.3,
                LearningRate = 0.1,
                Iterations = 2,
                Prompts = Prompts,
                TrainProblems = Prompts,
                MaxNewTokens = 4,
                Update = new() { Optimizer = Optimizer.Adam, WeightDecay = 0.1, Anchor = Anchor.L1, AnchorStrength = 0.1 },
            };
            settings.Validate();
            SpoiltTask task = new(bad);
            EncodedProblem[] problems = [.. task.Problems(TaskSplit.Train, Prompts, 0).Select(p => new EncodedProblem(p, tokenizer.Encode(p.Prompt)))];
            EvolutionLoop trainer = new(engine, new ResponseEvaluation(engine, new Generator(engine, tokenizer, 4), task), problems, settings, settings.Generation([]));
            string start = WeightsDigest.Sha256(engine.Weights), first = start;
            EvoluteFaultException fault = Assert.Throws<EvoluteFaultException>(() => trainer.Run(1, iteration =>
            {
                first = WeightsDigest.Sha256(engine.Weights);
                Assert.Equal(1, iteration.Iteration);
                task.Spoilt = true;
            }, TestContext.Current.CancellationToken));
            Assert.StartsWith("The reward of problem 1 is not a finite number", fault.Message, StringComparison.Ordinal);
            // The first iteration, whose rewards are numbers, did move them.
            Assert.NotEqual(start, first);
            Assert.Equal(first, WeightsDigest.Sha256(engine.Weights));
        }
    }

    /// <summary>Rewards the characters of an answer, and once it is spoilt one problem with what is no number.</summary>
    private sealed class SpoiltTask(double bad) : TuningTask
    {
        public bool Spoilt { get; set; }

        public override string Name => "spoilt";

        public override IReadOnlyList<string> PartNames => [];

        public override IReadOnlyList<TaskProblem> Problems(TaskSplit split, int count, ulong seed) =>
            [.. Enumerable.Range(0, count).Select(i => new TaskProblem { Id = $"{i}", Prompt = $"ask {i}", Columns = default })];

        public override RewardResult Score(TaskProblem problem, string response) =>
            new(Spoilt && problem.Id == "1" ? bad : response.Sum(c => c % 7), new Dictionary<string, double>(), false);

        public override TaskProblem FromRow(JsonElement row, string place) => throw new NotSupportedException();
    }
}
