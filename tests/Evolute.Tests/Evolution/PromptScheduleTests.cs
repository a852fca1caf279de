using System.Text.Json;
using CsCheck;
using Evolute.Evolution;
using Evolute.Tasks;

namespace Evolute.Tests.Evolution;

public class PromptScheduleTests
{
    [Fact]
    public void Every_time_round_uses_every_problem_once() => Gen.Select(Gen.Int[1, 40], Gen.Int[1, 10], Gen.ULong).Sample((count, rounds, seed) =>
    {
        EncodedProblem[] pool = Pool(count);
        PromptSchedule schedule = new(pool, 1, seed);
        for (int round = 0; round < rounds; round++)
        {
            var used = Enumerable.Range(1 + round * count, count).Select(i => schedule.Of(i)[0].Problem.Id);
            Assert.Equal(count, used.Distinct().Count());
        }
    }, iter: 100);

    [Fact]
    public void An_iteration_s_problems_do_not_depend_on_what_was_asked_before() => Gen.Select(Gen.Int[2, 30], Gen.Int[1, 30], Gen.Int[1, 50], Gen.ULong).Sample((count, batch, iteration, seed) =>
    {
        batch = Math.Min(batch, count);
        PromptSchedule inOrder = new(Pool(count), batch, seed);
        for (int i = 1; i < iteration; i++) inOrder.Of(i);
        Assert.Equal(new PromptSchedule(Pool(count), batch, seed).Of(iteration).Select(p => p.Problem.Id), inOrder.Of(iteration).Select(p => p.Problem.Id));
    }, iter: 100);

    [Fact]
    public void Seeds_and_rounds_have_different_orders()
    {
        static string[] Order(ulong seed, int round) => [.. new PromptSchedule(Pool(50), 50, seed).Of(round).Select(p => p.Problem.Id)];
        Assert.NotEqual(Order(1, 1), Order(2, 1));
        Assert.NotEqual(Order(1, 1), Order(1, 2));
    }

    private static EncodedProblem[] Pool(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new EncodedProblem(new TaskProblem { Id = $"train-{i}", Prompt = "", Columns = JsonElement.Parse("{}") }, [1]))];
}
