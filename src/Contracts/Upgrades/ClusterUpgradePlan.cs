using System.Text.Json.Nodes;

namespace Fleet.Contracts.Upgrades;

/// <summary>
/// What a change of a cluster would do: the answer of <c>POST /api/v1/clusters/{namespace}/{name}/plan</c> and of <c>fleet plan cluster -o json</c>.
/// Fields are only ever added. Values that may be secret are left out and marked.
/// </summary>
public sealed record ClusterUpgradePlan
{
    public required string Namespace { get; init; }
    public required string Name { get; init; }

    /// <summary>What the release is made of now; null when nothing is installed.</summary>
    public PlannedTemplate? From { get; init; }

    /// <summary>What it would be made of; its chart is null when the template cannot be used.</summary>
    public required PlannedTemplate To { get; init; }

    /// <summary>False: the objects are the same as now.</summary>
    public bool HasChanges { get; init; }

    /// <summary>One line for people.</summary>
    public string Summary { get; init; } = "";

    public IReadOnlyList<PlannedObject> Created { get; init; } = [];

    public IReadOnlyList<PlannedObject> Changed { get; init; } = [];

    /// <summary>An object with a new name takes the place of another, because it cannot be changed. The old one stays until nothing uses it.</summary>
    public IReadOnlyList<PlannedObject> Replaced { get; init; } = [];

    public IReadOnlyList<PlannedObject> Removed { get; init; } = [];

    /// <summary>What happens to machines, in the order in which it happens.</summary>
    public IReadOnlyList<PlannedRollout> Rollouts { get; init; } = [];

    /// <summary>Why the change would not be carried out as it is. Empty: nothing stands against it.</summary>
    public IReadOnlyList<PlanBlocker> Blockers { get; init; } = [];

    /// <summary>What should be known and holds nothing up.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <param name="Template">Name of the ClusterTemplate.</param>
/// <param name="Chart">Name and version of its chart, for instance <c>aws-standalone-cp-0.2.0</c>.</param>
public sealed record PlannedTemplate(string Template, string? Chart);

public sealed record PlannedObject
{
    public required string ApiVersion { get; init; }
    public required string Kind { get; init; }

    /// <summary>Null for kinds without namespaces.</summary>
    public string? Namespace { get; init; }
    public required string Name { get; init; }

    /// <summary>Name of the object whose place it takes.</summary>
    public string? Replaces { get; init; }

    public IReadOnlyList<FieldChange> Fields { get; init; } = [];
}

public sealed record FieldChange
{
    /// <summary>Dotted; items of lists by name where they have one: <c>spec.args[name=cloud-provider].value</c>, else by number.</summary>
    public required string Path { get; init; }

    /// <summary>Absent: the field is not there, or its value is not shown.</summary>
    public JsonNode? From { get; init; }

    /// <inheritdoc cref="From"/>
    public JsonNode? To { get; init; }

    /// <summary>The value changes and may be secret.</summary>
    public bool Secret { get; init; }
}

public sealed record PlannedRollout
{
    public required string Kind { get; init; }
    public required string Name { get; init; }

    /// <summary><c>ControlPlane</c> or <c>Workers</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Machines now; null when the object is new or does not say.</summary>
    public int? Machines { get; init; }

    /// <summary>Machines afterwards; 0 when the object goes.</summary>
    public int? MachinesWanted { get; init; }

    /// <summary>All machines are replaced; otherwise only their number changes.</summary>
    public bool Rolls { get; init; }

    /// <summary>Why, for instance <c>version v1.33.1 → v1.34.0</c>.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>How many are made beyond the wanted number at a time: a number or a percentage.</summary>
    public string? MaxSurge { get; init; }

    /// <summary>It waits until the control plane has its new version.</summary>
    public bool AfterControlPlane { get; init; }
}

/// <param name="Rule">For programs, for instance <c>ControlPlaneSkipsMinor</c> or <c>CredentialNotReady</c>.</param>
/// <param name="Message">For people.</param>
public sealed record PlanBlocker(string Rule, string Message);

/// <summary>The change to plan; what is left out stays as the cluster's spec has it.</summary>
public sealed record ClusterPlanRequest
{
    /// <summary>Name of a ClusterTemplate.</summary>
    public string? Template { get; init; }

    /// <summary>In place of spec.config.</summary>
    public JsonObject? Config { get; init; }

    /// <summary>Over spec.config (or <see cref="Config"/>): dotted path and value; null removes.</summary>
    public JsonObject? Set { get; init; }
}
