using System.ComponentModel;
using System.Text.Json.Nodes;
using Fleet.Contracts.Upgrades;

namespace Fleet.Contracts.Api;

/// <summary>What StateManager would do on one cluster now.</summary>
public sealed record ClusterServicesPlanView
{
    [Description("Namespace of the cluster, in the management cluster.")]
    public required string Namespace { get; init; }
    public required string Cluster { get; init; }

    [Description("Why the cluster cannot be looked at; what would be done is then not known.")]
    public string? Problem { get; init; }
    public IReadOnlyList<ServiceStepView> Services { get; init; } = [];
}

public sealed record ServiceStepView
{
    public required string ServiceNamespace { get; init; }
    public required string Name { get; init; }
    public required string ServiceSet { get; init; }

    [Description("Install, Upgrade, Rollback, Uninstall, Wait (something stands against it) or None (it is as declared).")]
    public required string Action { get; init; }

    [Description("Why.")]
    public string? Reason { get; init; }
    public required string State { get; init; }
}

public static class ServiceStepActions
{
    public const string Install = "Install";
    public const string Upgrade = "Upgrade";
    public const string Rollback = "Rollback";
    public const string Uninstall = "Uninstall";
    public const string Wait = "Wait";
    public const string None = "None";
}

/// <summary>Body of <c>POST /api/v1/services/diff</c>.</summary>
public sealed record ServiceDiffRequest
{
    [Description("ClusterDeployments, MultiClusterServices, NamespacedMultiClusterServices, ServiceTemplates, and ConfigMaps and Secrets with values, as they would be applied.")]
    public IReadOnlyList<JsonObject>? Objects { get; init; }

    [Description("Also the objects in the clusters; false: only services and values.")]
    public bool? Manifests { get; init; }
}

/// <summary>What applying objects would change of services.</summary>
public sealed record ServiceDiffView
{
    public bool HasChanges { get; init; }
    public IReadOnlyList<ClusterDiffView> Clusters { get; init; } = [];

    [Description("What should be known: objects that are not previewed, limits, what waits.")]
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

public sealed record ClusterDiffView
{
    public required string Namespace { get; init; }
    public required string Cluster { get; init; }

    [Description("It does not exist yet.")]
    public bool New { get; init; }

    [Description("Why the cluster cannot be asked; objects are then worked out without it, or not at all.")]
    public string? Problem { get; init; }
    public IReadOnlyList<ServiceChangeView> Services { get; init; } = [];
}

public sealed record ServiceChangeView
{
    public required string ServiceNamespace { get; init; }
    public required string Name { get; init; }

    [Description("Kind and name of what declares it.")]
    public required string Source { get; init; }

    [Description("Install, Upgrade, Remove, or Leave (no longer declared, but it stays).")]
    public required string Change { get; init; }
    public string? FromTemplate { get; init; }
    public string? ToTemplate { get; init; }

    [Description("Templates that it goes through, when there are several.")]
    public IReadOnlyList<string> Steps { get; init; } = [];

    [Description("What it waits for, who else owns its release, and the like.")]
    public IReadOnlyList<string> Notes { get; init; } = [];

    [Description("Why it cannot be worked out.")]
    public string? Problem { get; init; }

    [Description("Of the values that its chart sees. What is or may be secret is not shown.")]
    public IReadOnlyList<FieldChange> Values { get; init; } = [];

    [Description("How the objects were worked out: Server (the cluster was asked, nothing was kept) or Client (only rendered). Absent: not at all.")]
    public string? Manifests { get; init; }
    public IReadOnlyList<PlannedObject> Created { get; init; } = [];
    public IReadOnlyList<PlannedObject> Changed { get; init; } = [];
    public IReadOnlyList<PlannedObject> Removed { get; init; } = [];
}
