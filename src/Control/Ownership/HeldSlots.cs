using System.Collections.Concurrent;
using Fleet.Control.Grains;
using Fleet.Control.Ownership.Pinning;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Ownership;

/// <summary>Makes what we hold follow the table: takes what is given, lets go of what is asked for or gone, and knows up to which generation that is done.</summary>
internal sealed class HeldSlots(LeasedGrainDirectory directory, IReadOnlyList<IGrainDrain> drains, OwnershipOptions options, Action changed)
{
    private readonly ConcurrentQueue<Action> ended = new();
    private readonly Dictionary<int, long> letGo = [];
    private readonly HashSet<int> ending = [];

    /// <summary>Clusters on their way to another pool, by the generation in which they were asked for, and whether they are let go.</summary>
    private readonly Dictionary<ObjectKey, (long Asked, bool IsGone)> leaving = [];

    /// <summary>The generation up to which nothing of what others may get is running here.</summary>
    public long Applied { get; private set; }

    /// <summary>True when something was gained.</summary>
    public bool Follow(Assignment table, string identity)
    {
        while (ended.TryDequeue(out var note))
            note();
        var asked = Leaving(table.Pins);
        var next = directory.Holding.Following(table, identity, letGo, Gone());
        var hasGained = directory.Hold(next);
        var closing = Enumerable.Range(0, Slots.Most).Where(next.IsClosing).ToList();
        foreach (var of in closing.Where(slot => !ending.Contains(slot)).GroupBy(slot => table.Owner(slot).Replica == identity).ToList())
            _ = EndAsync(of.ToDictionary(slot => slot, slot => of.Key ? table.Owner(slot).Asked : 0), of.Key ? options.Grace : TimeSpan.Zero);
        if (asked.Count > 0)
            _ = EndAsync(asked);
        if (closing.Count == 0 && leaving.Values.All(pin => pin.IsGone))
            Applied = Math.Max(Applied, table.Generation);
        return hasGained;
    }

    /// <summary>Ends everything at once, since our Lease is over.</summary>
    public async Task LoseAsync()
    {
        directory.Lost();
        letGo.Clear();
        leaving.Clear();
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

    /// <summary>Notes which clusters are on their way; gives those that were not before.</summary>
    private Dictionary<ObjectKey, long> Leaving(PinTable pins)
    {
        foreach (var key in leaving.Where(known => pins.Clusters.GetValueOrDefault(known.Key) is not { Next: not null } pin || pin.Asked != known.Value.Asked).Select(known => known.Key).ToList())
            leaving.Remove(key);
        var asked = pins.Clusters.Where(pin => pin.Value.Next is not null && !leaving.ContainsKey(pin.Key)).ToDictionary(pin => pin.Key, pin => pin.Value.Asked);
        foreach (var (key, generation) in asked)
            leaving[key] = (generation, false);
        return asked;
    }

    private HashSet<ObjectKey> Gone() => [.. leaving.Where(pin => pin.Value.IsGone).Select(pin => pin.Key)];

    private async Task EndAsync(Dictionary<int, long> slots, TimeSpan grace)
    {
        ending.UnionWith(slots.Keys);
        await LetGoAsync(grain => slots.ContainsKey(directory.Holding.SlotOf(grain)), grace);
        ended.Enqueue(() =>
        {
            foreach (var (slot, asked) in slots)
            {
                ending.Remove(slot);
                letGo[slot] = asked;
                // What was given to us anew meanwhile is held under another epoch, and stays.
                if (directory.Holding.IsClosing(slot))
                    directory.Hold(directory.Holding.Without([slot]));
            }
        });
        changed();
    }

    /// <summary>Whoever owns grains of them: we may own none.</summary>
    private async Task EndAsync(Dictionary<ObjectKey, long> clusters)
    {
        await LetGoAsync(grain => grain.IsOfCluster && clusters.ContainsKey(grain.Key), options.Grace);
        ended.Enqueue(() =>
        {
            foreach (var (key, asked) in clusters)
                if (leaving.GetValueOrDefault(key).Asked == asked)
                    leaving[key] = (asked, true);
            directory.Hold(directory.Holding.WithGone(Gone()));
        });
        changed();
    }

    private Task LetGoAsync(Func<GrainId, bool> which, TimeSpan grace) => Task.WhenAll(drains.Select(drain => drain.LetGoAsync(which, grace)));
}
