using Fleet.ClusterManager.Phases;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Deletion;

/// <summary>How long each phase of one object's deletion may take: its annotations over the options. Pure.</summary>
internal sealed class DeletionDeadlines(DeletionOptions options, ObjectMeta metadata)
{
    public TimeSpan ForceGrace => options.ForceGrace;

    /// <summary>Null for phases without one: what holds an object is a person's decision.</summary>
    public TimeSpan? Of(DeletionPhase phase) => phase switch
    {
        DeletionPhase.Services => Of("deletion-services", options.Services),
        DeletionPhase.Workloads => Of("deletion-workloads", options.Workloads),
        DeletionPhase.Release => Of("deletion-release", options.Release),
        DeletionPhase.Cluster => Of("deletion-cluster", options.Cluster),
        DeletionPhase.DataSource => Of("deletion-datasource", options.DataSource),
        _ => null,
    };

    private TimeSpan Of(string phase, TimeSpan otherwise) => DeadlineAnnotations.Find(metadata, phase) ?? otherwise;
}
