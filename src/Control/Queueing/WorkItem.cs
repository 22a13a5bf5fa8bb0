using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Queueing;

/// <summary>A key handed out for processing, until one of the queue's <c>Complete</c> methods is called for it.</summary>
internal readonly record struct WorkItem(ObjectKey Key, GrainId Group, WorkPriority Priority, int Failures, TimeSpan Waited);
