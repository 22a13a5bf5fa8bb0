using System.Collections.Concurrent;
using Fleet.Observability.Ledger;

namespace Fleet.Observability.Tests.Ledger;

/// <summary>What many want to write at the same time.</summary>
public sealed class LedgerTurnsTests
{
    private readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<int[]> groups = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_while_others_are_written_is_written_together_and_each_gets_its_own_answer()
    {
        using var turns = new LedgerTurns<int>(WriteAsync, _ => 1);
        var all = Enumerable.Range(0, 10).Select(item => turns.WriteAsync(item, Cancel)).ToList();
        gate.SetResult();
        Assert.Equal(Enumerable.Range(0, 10).Select(item => item % 2 == 0), await Task.WhenAll(all));
        Assert.Equal([1, 1, 8], groups.Select(group => group.Length));
    }

    [Fact]
    public async Task What_is_large_is_written_in_parts()
    {
        using var turns = new LedgerTurns<int>(WriteAsync, _ => 7_000);
        var all = Enumerable.Range(0, 7).Select(item => turns.WriteAsync(item, Cancel)).ToList();
        gate.SetResult();
        await Task.WhenAll(all);
        Assert.Equal(7, groups.Sum(group => group.Length));
        Assert.All(groups, group => Assert.InRange(group.Length, 1, 2));
    }

    [Fact]
    public async Task One_that_can_not_be_written_holds_up_no_other()
    {
        using var turns = new LedgerTurns<int>(
            async (items, ct) => items.Contains(5) ? throw new InvalidOperationException("spoilt") : await WriteAsync(items, ct), _ => 1);
        var all = Enumerable.Range(0, 10).Select(item => turns.WriteAsync(item, Cancel)).ToList();
        gate.SetResult();
        for (var item = 0; item < all.Count; item++)
            if (item == 5)
                await Assert.ThrowsAsync<InvalidOperationException>(() => all[5]);
            else
                Assert.Equal(item % 2 == 0, await all[item]);
    }

    [Fact]
    public async Task What_is_no_longer_wanted_before_its_turn_is_not_written()
    {
        using var turns = new LedgerTurns<int>(WriteAsync, _ => 1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var all = Enumerable.Range(0, 4).Select(item => turns.WriteAsync(item, item == 3 ? stop.Token : Cancel)).ToList();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => all[3]);
        gate.SetResult();
        await Task.WhenAll(all.Take(3));
        Assert.DoesNotContain(3, groups.SelectMany(group => group));
    }

    /// <summary>The first two wait for the gate.</summary>
    private async Task<IReadOnlyList<bool>> WriteAsync(IReadOnlyList<int> items, CancellationToken ct)
    {
        groups.Enqueue([.. items]);
        if (items[0] is 0 or 1)
            await gate.Task.WaitAsync(ct);
        return [.. items.Select(item => item % 2 == 0)];
    }
}
