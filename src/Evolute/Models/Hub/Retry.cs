namespace Evolute.Models.Hub;

/// <summary>Tries again what failed for a passing reason, after growing waits, a bounded number of times.</summary>
internal sealed class Retry(TransferSettings settings)
{
    /// <summary>Does something until it succeeds.</summary>
    /// <param name="attempt">One attempt.</param>
    /// <param name="moved">Bytes that all attempts so far gained.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="PassingFault">The last attempt's.</exception>
    public async Task<T> Run<T>(Func<Task<T>> attempt, Func<long> moved, CancellationToken stop)
    {
        TimeSpan delay = settings.FirstDelay;
        long before = moved();
        for (int left = settings.Attempts - 1; ; left--)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (PassingFault e)
            {
                if (moved() - before >= settings.RefreshingBytes) (before, left, delay) = (moved(), settings.Attempts - 1, settings.FirstDelay);
                if (left == 0) throw;
                await Wait(e.RetryAfter > delay ? e.RetryAfter.Value : delay, stop).ConfigureAwait(false);
                delay *= 2;
            }
        }
    }

    /// <summary>Does something that has no length of its own.</summary>
    public Task<T> Run<T>(Func<Task<T>> attempt, CancellationToken stop) => Run(attempt, () => 0, stop);

    private Task Wait(TimeSpan time, CancellationToken stop) => Task.Delay(time < settings.MaxDelay ? time : settings.MaxDelay, settings.Clock, stop);
}
