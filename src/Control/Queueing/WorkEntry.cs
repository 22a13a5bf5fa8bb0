using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Queueing;

internal enum WorkState { Idle, Delayed, Ready, Processing }

/// <summary>What the queue knows of one key.</summary>
internal sealed class WorkEntry(ObjectKey key, GrainId group)
{
    public ObjectKey Key { get; } = key;
    public GrainId Group { get; } = group;
    public WorkState State { get; set; }
    public WorkPriority Priority { get; set; }

    /// <summary>Changes whenever the entry is placed anew, so that older places of it are recognised as stale.</summary>
    public long Ticket { get; set; }

    /// <summary>When a delayed entry becomes ready, or since when a ready one has waited.</summary>
    public DateTimeOffset At { get; set; }

    public int Failures { get; set; }

    /// <summary>Asked for while it was being processed: when, and how urgent.</summary>
    public (DateTimeOffset At, WorkPriority Priority)? Again { get; set; }
}
