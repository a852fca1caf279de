namespace Evolute.Rewards;

/// <summary>A reward whose failures become what the policy says: a batch that fails is asked again one by one, so that a response answers for itself alone.</summary>
internal sealed class GuardedReward(WeightedReward reward, RewardFailures failures, RewardLog log)
{
    /// <summary>Responses that are asked again at once.</summary>
    private const int AtOnce = 8;

    /// <summary>One value a completion; none of them failed or without a finite score.</summary>
    /// <exception cref="EvoluteFaultException">A failure, where the policy is to end the run.</exception>
    public async Task<IReadOnlyList<RewardValue>> ScoreAsync(IReadOnlyList<RewardCompletion> completions, CancellationToken stop)
    {
        IReadOnlyList<RewardValue> values = await TryAsync(completions, stop).ConfigureAwait(false);
        if (completions.Count > 1 && values.All(v => v.Failure is not null) && reward.Reward is not ProcessReward)
        {
            var single = new RewardValue[completions.Count];
            await Parallel.ForAsync(0, single.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop }, async (i, _) =>
                single[i] = (await TryAsync([completions[i]], stop).ConfigureAwait(false))[0]).ConfigureAwait(false);
            values = single;
        }
        return [.. values.Select((value, i) => Settled(completions[i], value))];
    }

    private async Task<IReadOnlyList<RewardValue>> TryAsync(IReadOnlyList<RewardCompletion> completions, CancellationToken stop)
    {
        using CancellationTokenSource limited = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            // An external process keeps its own time, response by response.
            if (reward.Reward is ProcessReward) return await reward.Reward.ScoreAsync(completions, stop).ConfigureAwait(false);
            limited.CancelAfter(failures.Limit);
            IReadOnlyList<RewardValue> values = await reward.Reward.ScoreAsync(completions, limited.Token).WaitAsync(limited.Token).ConfigureAwait(false);
            return values is not null && values.Count == completions.Count && values.All(v => v is not null)
                ? values
                : All($"gave {values?.Count ?? 0} values for {completions.Count} responses");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return All(FormattableString.Invariant($"gave no answer within {failures.Limit.TotalSeconds:0.###} s"));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return All(e is EvoluteFaultException ? e.Message : $"failed: {e.GetType().Name}: {e.Message}");
        }

        RewardValue[] All(string failure) => [.. completions.Select(_ => RewardValue.Failed(failure))];
    }

    private RewardValue Settled(RewardCompletion completion, RewardValue value)
    {
        string? failure = value.Failure;
        if (failure is null && value.Score is { } score && !double.IsFinite(score)) failure = FormattableString.Invariant($"gave {score}, which is not a finite number");
        if (failure is null && value.Parts.Any(p => !double.IsFinite(p.Value))) failure = $"gave a part that is not a finite number ({value.Parts.First(p => !double.IsFinite(p.Value)).Key})";
        if (failure is null) return value;
        string sentence = $"Reward {reward.Name}, {completion.Problem.Id}: {failure}";
        if (failures.Policy == FailurePolicy.Fail)
            throw new EvoluteFaultException($"{sentence}. Mend it, or say by --reward-policy what such a response counts as.");
        log.Add(sentence);
        return failures.Policy == FailurePolicy.Skip ? RewardValue.NotApplicable : RewardValue.Of(failures.Value);
    }
}
