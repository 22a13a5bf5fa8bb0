namespace Fleet.Observability.Alerts.Api;

internal sealed record ItemsView<T>(IReadOnlyList<T> Items, bool LimitedByAccess);

internal sealed record AlertView
{
    public required string Id { get; init; }

    /// <summary>Name of the alert.</summary>
    public required string Rule { get; init; }

    /// <summary>Namespace of its AlertRule.</summary>
    public required string Namespace { get; init; }

    /// <summary>Name of its AlertRule.</summary>
    public required string AlertRule { get; init; }

    public required string Severity { get; init; }

    /// <summary>pending, firing or resolved.</summary>
    public required string State { get; init; }

    public required DateTimeOffset Since { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    public required string Summary { get; init; }

    public required string Description { get; init; }

    public required double Value { get; init; }

    public string? Cluster { get; init; }

    public string? ClusterNamespace { get; init; }

    public string? Incident { get; init; }

    /// <summary>Namespace and name of a Silence.</summary>
    public string? SilencedBy { get; init; }

    /// <summary>Id of another alert.</summary>
    public string? InhibitedBy { get; init; }
}

internal sealed record IncidentView
{
    public required string Id { get; init; }

    public required string Rule { get; init; }

    public required string Namespace { get; init; }

    public required string AlertRule { get; init; }

    /// <summary>The worst of its alerts.</summary>
    public required string Severity { get; init; }

    public required DateTimeOffset Since { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>firing or resolved.</summary>
    public required string State { get; init; }

    public required IReadOnlyList<string> Clusters { get; init; }

    public required int Alerts { get; init; }

    public required int Firing { get; init; }

    public required string Summary { get; init; }
}

internal sealed record SilenceView
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<string> Matchers { get; init; }

    public required DateTimeOffset? StartsAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    public required string Comment { get; init; }

    public required string? CreatedBy { get; init; }

    /// <summary>pending, active or expired.</summary>
    public required string State { get; init; }

    /// <summary>As If-Match of the call that ends it, nobody has changed it since.</summary>
    public required string? ResourceVersion { get; init; }

    /// <summary>Alerts that it hushes now.</summary>
    public required int Alerts { get; init; }

    /// <summary>Why it hushes nothing.</summary>
    public string? Problem { get; init; }
}

/// <summary>A silence to be made.</summary>
internal sealed record SilenceRequest
{
    public string? Namespace { get; init; }

    /// <summary>Absent: one is made up.</summary>
    public string? Name { get; init; }

    public List<string>? Matchers { get; init; }

    public DateTimeOffset? StartsAt { get; init; }

    public DateTimeOffset? EndsAt { get; init; }

    public string? Comment { get; init; }
}

internal sealed record ReceiverView
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string Type { get; init; }

    /// <summary>ok, failing, dead, or unused when nothing was told yet.</summary>
    public required string State { get; init; }

    public DateTimeOffset? LastDelivery { get; init; }

    public required int Failed { get; init; }

    public required int Dead { get; init; }

    public string? Message { get; init; }
}

/// <summary>What came of a test.</summary>
internal sealed record ReceiverTestView(bool Delivered, string Title, int? Code, int Milliseconds, string Message);
