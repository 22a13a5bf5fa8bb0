using System.ComponentModel;

namespace Fleet.Contracts.Api;

/// <summary>A service on one cluster, as it is listed.</summary>
public record ClusterServiceView
{
    [Description("Namespace of the cluster, in the management cluster.")]
    public required string Namespace { get; init; }
    public required string Cluster { get; init; }

    [Description("Namespace of the service, in the cluster.")]
    public required string ServiceNamespace { get; init; }

    [Description("Name of the service and of its Helm release.")]
    public required string Name { get; init; }

    [Description("The ServiceSet that it belongs to.")]
    public required string ServiceSet { get; init; }

    [Description("The MultiClusterService that declares it; absent when the ClusterDeployment does.")]
    public string? MultiClusterService { get; init; }
    public required string Type { get; init; }
    public required string Template { get; init; }

    [Description("What runs.")]
    public string? Version { get; init; }

    [Description("Deployed, Provisioning, Failed, Pending, Deleting or Deleted.")]
    public required string State { get; init; }
    public string? Message { get; init; }
    public DateTimeOffset? Since { get; init; }

    [Description("A person keeps it from following its declaration; absent when nobody does.")]
    public ServiceHoldView? Held { get; init; }

    [Description("Its whole ServiceSet is paused.")]
    public bool Paused { get; init; }

    [Description("Objects of it are not as declared, and why they stay so: DriftDetected, KeepsDrifting or CorrectionFailed; absent when nothing of the kind is known.")]
    public string? Drift { get; init; }

    [Description("Version of its ServiceSet: what If-Match of an action names.")]
    public string? ResourceVersion { get; init; }
}

public sealed record ServiceHoldView
{
    [Description("The revision that it was rolled back to; absent when it stays as it is.")]
    public int? Revision { get; init; }
    public string? By { get; init; }
    public DateTimeOffset? Since { get; init; }
    public required string Message { get; init; }
}

/// <summary>A service on one cluster, in full.</summary>
public sealed record ServiceDetailView : ClusterServiceView
{
    [Description("Name and version of the chart that is declared; absent while that is not known.")]
    public string? Chart { get; init; }
    public string? AppVersion { get; init; }

    [Description("SHA-256 of the merged values; absent while they are not known.")]
    public string? ValuesHash { get; init; }

    [Description("What keeps the service from being worked out.")]
    public string? Problem { get; init; }

    [Description("The revision that Fleet made last.")]
    public int? Revision { get; init; }
    public IReadOnlyList<ConditionView> Conditions { get; init; } = [];

    [Description("Newest first; as in the history.")]
    public IReadOnlyList<RevisionView> Revisions { get; init; } = [];

    [Description("What the release consists of, as its latest revision declares it, and what health rules find wrong beside it; the worst first, and of many only the first 200.")]
    public IReadOnlyList<ServiceObjectView> Objects { get; init; } = [];

    [Description("How many objects there are, with those that are not listed.")]
    public int ObjectCount { get; init; }

    [Description("Why the cluster told nothing of revisions and objects.")]
    public string? ClusterProblem { get; init; }
}

public sealed record ServiceObjectView
{
    public required string ApiVersion { get; init; }
    public required string Kind { get; init; }
    public string? Namespace { get; init; }
    public required string Name { get; init; }

    [Description("Healthy, Suspended, Running, Progressing, Failed or Unknown; absent when the cluster could not be asked.")]
    public string? Health { get; init; }

    [Description("Why it is not healthy.")]
    public string? Message { get; init; }

    [Description("The custom health rule that says so; absent for a built-in one.")]
    public string? Rule { get; init; }
}

/// <summary>A revision of a release.</summary>
public sealed record RevisionView
{
    public required int Revision { get; init; }
    public DateTimeOffset? Updated { get; init; }

    [Description("In Helm's words: deployed, superseded, failed, uninstalled, pending-upgrade, …")]
    public required string Status { get; init; }
    public string? Chart { get; init; }
    public string? AppVersion { get; init; }
    public string? Description { get; init; }

    [Description("Who asked for it, where that is known: a rollback that still holds.")]
    public string? RequestedBy { get; init; }
}

public sealed record ServiceHistoryView
{
    public required IReadOnlyList<RevisionView> Revisions { get; init; }
}

/// <summary>What was found otherwise than declared, newest first.</summary>
public sealed record ServiceDriftView
{
    public required IReadOnlyList<DriftView> Entries { get; init; }
}

public sealed record DriftView
{
    public required DateTimeOffset Time { get; init; }
    public required string ApiVersion { get; init; }
    public required string Kind { get; init; }
    public string? Namespace { get; init; }
    public required string Name { get; init; }

    [Description("The object was gone.")]
    public bool Missing { get; init; }

    [Description("What differed, by path; never a value.")]
    public required IReadOnlyList<string> Fields { get; init; }

    [Description("The field manager that changed it, where that can be known.")]
    public string? ChangedBy { get; init; }
    public DateTimeOffset? ChangedAt { get; init; }

    [Description("Detected (only shown), Corrected, Failed or BackedOff (somebody keeps changing it).")]
    public required string Action { get; init; }
    public string? Detail { get; init; }
}

/// <summary>What the chart sees, and where each value is from.</summary>
public sealed record ServiceValuesView
{
    public required string Chart { get; init; }

    [Description("Who wins: each over the ones before it.")]
    public required IReadOnlyList<ValuesOriginView> Layers { get; init; }
    public required IReadOnlyList<ValueView> Values { get; init; }
}

public sealed record ValuesOriginView
{
    [Description("Chart, ConfigMap, Secret or Values (the service's own).")]
    public required string Kind { get; init; }
    public string? Name { get; init; }
    public string? Key { get; init; }
}

public sealed record ValueView
{
    [Description("As helm --set writes it.")]
    public required string Path { get; init; }

    [Description("Absent when it is secret; null takes away what is below.")]
    public System.Text.Json.Nodes.JsonNode? Value { get; init; }

    [Description("It comes from a Secret, or holds text of one, so it is not shown.")]
    public bool Secret { get; init; }
    public required ValuesOriginView From { get; init; }

    [Description("Where lower layers had something else, the nearest first.")]
    public IReadOnlyList<ValuesOriginView> Over { get; init; } = [];
}

/// <summary>The objects of a revision; what Secrets hold, and texts that come from Secrets, are masked.</summary>
public sealed record ServiceManifestView
{
    public required int Revision { get; init; }
    public required string Manifest { get; init; }
}

/// <summary>Body of <c>POST …/actions/rollback</c>.</summary>
public sealed record RollbackRequest
{
    [Description("A revision of the history.")]
    public int? Revision { get; init; }
}

public sealed record RestartView
{
    [Description("The workloads that roll, as Kind namespace/name.")]
    public required IReadOnlyList<string> Restarted { get; init; }
}
