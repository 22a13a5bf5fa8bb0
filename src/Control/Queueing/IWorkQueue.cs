using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Queueing;

/// <summary>
/// Where triggers put keys. Adding a key that already waits keeps one entry with the higher priority and the earlier time;
/// adding a key that is being processed makes it run once more afterwards. A key is never processed twice at once.
/// Safe for concurrent use; never blocks.
/// </summary>
public interface IWorkQueue
{
    void Add(ObjectKey key, WorkPriority priority = WorkPriority.Normal, TimeSpan delay = default);
}
