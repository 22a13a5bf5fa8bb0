using Fleet.ClusterManager.Backups;
using Fleet.ClusterManager.Deletion;
using Fleet.ClusterManager.Phases;
using Fleet.ClusterManager.Webhooks;
using Fleet.Helm.Releases;
using Fleet.Rest;
using Fleet.Rest.Audit;

namespace Fleet.ClusterManager;

/// <summary>How the ClusterManager runs.</summary>
public sealed record ClusterManagerOptions
{
    /// <summary>How helm reaches the management cluster.</summary>
    public required ClusterAccess Management { get; init; }

    /// <summary>Goes into the values of every cluster chart as <c>global</c>, in place of the user's; empty leaves those alone.</summary>
    public IReadOnlyDictionary<string, string> GlobalValues { get; init; } = new Dictionary<string, string>();

    /// <summary>How often the API server of a cluster that answers is asked again. With the time-out and a second failure a silent path is noticed within a minute.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Everything watched reports by itself; this is for what is not watched.</summary>
    public TimeSpan LookInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A healthy API server answers its version in milliseconds, also from another continent.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Cluster charts only create objects: helm waits for nothing but hooks.</summary>
    public TimeSpan HelmTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an upgrade may go without any machine becoming as wanted, unless the cluster's annotation says otherwise.</summary>
    public TimeSpan UpgradePatience { get; init; } = TimeSpan.FromMinutes(30);

    public PhaseDeadlines Deadlines { get; init; } = new();

    public BackupOptions Backups { get; init; } = new();

    public DeletionOptions Deletion { get; init; } = new();

    public AdminApiOptions Api { get; init; } = new();

    public AuditOptions Audit { get; init; } = new();

    /// <summary>Where template chains exist, a cluster goes from template to template only as they allow.</summary>
    public bool ValidateUpgradePath { get; init; } = true;

    /// <summary>Serve admission to a real API server; null where it is in process, or not wanted.</summary>
    public WebhookOptions? Webhook { get; init; }
}
