namespace Evolute.Evolution;

/// <summary>
/// Hands out a population in groups that a seat evaluates in one batch each: large ones first, since a batch runs empty at its end, and ever smaller ones, so that all seats end together.
/// </summary>
/// <param name="members">Size of the population.</param>
/// <param name="seats">How many take groups.</param>
/// <param name="smallest">Members of a group unless fewer are left.</param>
/// <param name="largest">Members of a group at most.</param>
internal sealed class MemberGroups(int members, int seats, int smallest, int largest)
{
    private readonly Lock _lock = new();
    private int _next;

    /// <summary>Takes the next group: its first member and how many there are, 0 when all are taken. Any thread may ask.</summary>
    public (int First, int Count) Take()
    {
        lock (_lock)
        {
            int first = _next, left = members - first, share = (left + 2 * seats - 1) / (2 * seats);
            int count = Math.Min(left, Math.Clamp(share, Math.Min(smallest, largest), largest));
            _next += count;
            return (first, count);
        }
    }
}
