using System.Collections.Concurrent;
using Fleet.Control.Grains;

namespace Fleet.Control.Ownership;

/// <summary>Makes what we hold follow the table: takes what is given, lets go of what is asked for or gone, and knows up to which generation that is done.</summary>
internal sealed class HeldSlots(LeasedGrainDirectory directory, IReadOnlyList<IGrainDrain> drains, OwnershipOptions options, Action changed)
{
    private readonly ConcurrentQueue<(int Slot, long Asked)> ended = new();
    private readonly Dictionary<int, long> letGo = [];
    private readonly HashSet<int> ending = [];

    /// <summary>The generation up to which nothing of what others may get is running here.</summary>
    public long Applied { get; private set; }

    /// <summary>True when something was gained.</summary>
    public bool Follow(Assignment table, string identity)
    {
        while (ended.TryDequeue(out var done))
        {
            ending.Remove(done.Slot);
            letGo[done.Slot] = done.Asked;
            // What was given to us anew meanwhile is held under another epoch, and stays.
            if (directory.Holding.IsClosing(done.Slot))
                directory.Hold(directory.Holding.Without([done.Slot]));
        }
        var next = directory.Holding.Following(table, identity, letGo);
        var hasGained = directory.Hold(next);
        var closing = Enumerable.Range(0, Slots.Count).Where(next.IsClosing).ToList();
        foreach (var asked in closing.Where(slot => !ending.Contains(slot)).GroupBy(slot => table.Slots[slot].Replica == identity).ToList())
            _ = EndAsync(asked.ToDictionary(slot => slot, slot => asked.Key ? table.Slots[slot].Asked : 0), asked.Key ? options.Grace : TimeSpan.Zero);
        if (closing.Count == 0)
            Applied = Math.Max(Applied, table.Generation);
        return hasGained;
    }

    /// <summary>Ends everything at once, since our Lease is over.</summary>
    public async Task LoseAsync()
    {
        directory.Lost();
        letGo.Clear();
        await LetGoAsync(_ => true, TimeSpan.Zero);
    }

    /// <summary>Ends everything, with the grace that work has, while the Lease is still ours; nothing new begins.</summary>
    public async Task LeaveAsync(TimeSpan grace)
    {
        directory.Hold(directory.Holding.Closing());
        await LetGoAsync(_ => true, grace);
    }

    /// <summary>Cancels what runs without giving anything up: the Lease is over by our own clock, but may still be renewed.</summary>
    public Task InterruptAsync() => LetGoAsync(_ => true, TimeSpan.Zero);

    private async Task EndAsync(Dictionary<int, long> slots, TimeSpan grace)
    {
        ending.UnionWith(slots.Keys);
        await LetGoAsync(grain => slots.ContainsKey(Slots.Of(grain)), grace);
        foreach (var (slot, asked) in slots)
            ended.Enqueue((slot, asked));
        changed();
    }

    private Task LetGoAsync(Func<GrainId, bool> which, TimeSpan grace) => Task.WhenAll(drains.Select(drain => drain.LetGoAsync(which, grace)));
}
