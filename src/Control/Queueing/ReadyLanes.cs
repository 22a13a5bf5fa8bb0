using Fleet.Control.Grains;

namespace Fleet.Control.Queueing;

/// <summary>
/// The entries that may run now: one lane per priority; in a lane the groups take turns, and each group is first in, first out.
/// A group whose share is in use is parked: it costs nothing until one of its keys completes. Not safe for concurrent use.
/// </summary>
internal sealed class ReadyLanes(int maxPerGroup)
{
    private readonly Lane[] lanes = [new(), new(), new()];
    private readonly Dictionary<GrainId, int> running = [];

    public void Add(WorkEntry entry) => lanes[(int)entry.Priority].Add(entry, IsFull(entry.Group));

    /// <summary>The next entry, which then counts as running in its group; null when none may run.</summary>
    public WorkEntry? Take()
    {
        for (var priority = lanes.Length - 1; priority >= 0; priority--)
        {
            if (lanes[priority].Take(IsFull) is not { } entry)
                continue;
            running[entry.Group] = running.GetValueOrDefault(entry.Group) + 1;
            return entry;
        }
        return null;
    }

    public void Release(GrainId group)
    {
        if (running[group] == 1)
            running.Remove(group);
        else
            running[group]--;
        foreach (var lane in lanes)
            lane.Unpark(group);
    }

    private bool IsFull(GrainId group) => running.GetValueOrDefault(group) >= maxPerGroup;

    private sealed class Lane
    {
        private readonly Queue<GrainId> turns = new();
        private readonly Dictionary<GrainId, Group> groups = [];

        public void Add(WorkEntry entry, bool full)
        {
            if (!groups.TryGetValue(entry.Group, out var group))
                groups[entry.Group] = group = new Group();
            group.Entries.Enqueue((entry, entry.Ticket));
            if (!full)
                Queue(entry.Group, group);
        }

        public WorkEntry? Take(Func<GrainId, bool> isFull)
        {
            while (turns.TryDequeue(out var id))
            {
                if (!groups.TryGetValue(id, out var group))
                    continue;
                group.HasTurn = false;
                if (isFull(id))
                    continue;
                var taken = group.TakeCurrent();
                if (group.Entries.Count == 0)
                    groups.Remove(id);
                else
                    Queue(id, group);
                if (taken is not null)
                    return taken;
            }
            return null;
        }

        public void Unpark(GrainId id)
        {
            if (groups.TryGetValue(id, out var group))
                Queue(id, group);
        }

        private void Queue(GrainId id, Group group)
        {
            if (group.HasTurn)
                return;
            group.HasTurn = true;
            turns.Enqueue(id);
        }
    }

    private sealed class Group
    {
        public Queue<(WorkEntry Entry, long Ticket)> Entries { get; } = new();

        public bool HasTurn { get; set; }

        /// <summary>Skips entries that have moved to another lane since (their ticket has changed).</summary>
        public WorkEntry? TakeCurrent()
        {
            while (Entries.TryDequeue(out var next))
                if (next.Ticket == next.Entry.Ticket)
                    return next.Entry;
            return null;
        }
    }
}
