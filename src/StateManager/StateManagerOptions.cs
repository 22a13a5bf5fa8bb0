using Fleet.Rest;
using Fleet.Rest.Audit;
using Fleet.StateManager.Compliance;
using Fleet.StateManager.Drift.History;

namespace Fleet.StateManager;

/// <summary>Settings of StateManager, section <c>StateManager</c>.</summary>
public sealed record StateManagerOptions
{
    /// <summary>Kubeconfig of the management cluster. Null: KUBECONFIG, the service account when running in a cluster, <c>~/.kube/config</c>.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Holds the chart cache, for instance <c>/var/lib/fleet/state-manager</c>. Needs no backup.</summary>
    public string Folder { get; init; } = Path.Combine(Path.GetTempPath(), "fleet-state-manager");

    /// <summary>Holds values and kubeconfigs while helm runs. Null: a private folder in memory.</summary>
    public string? SecretsFolder { get; init; }

    /// <summary>Path of helm. Null: <c>FLEET_HELM</c>, then PATH.</summary>
    public string? Helm { get; init; }

    /// <summary>Path of kubectl, with which kustomizations are built. Null: <c>FLEET_KUBECTL</c>, then PATH.</summary>
    public string? Kubectl { get; init; }

    /// <summary>Helm processes at once, over all clusters; 0 is twice the number of cores.</summary>
    public int HelmProcesses { get; init; }

    /// <summary>Clusters worked on at once. Waiting for a cluster costs nothing here, so many slow ones do not hold up the others.</summary>
    public int Concurrency { get; init; } = 64;

    /// <summary>Bounds of the REST API.</summary>
    public AdminApiOptions Api { get; init; } = new();

    /// <summary>Where the calls of the REST API are recorded. Without a database: the log.</summary>
    public AuditOptions Audit { get; init; } = new();

    /// <summary>Where the history of drift goes. Without a database: the log.</summary>
    public DriftHistoryOptions Drift { get; init; } = new();

    /// <summary>Where the compliance report goes. Without a database: totals to the log.</summary>
    public ComplianceOptions Compliance { get; init; } = new();
}
