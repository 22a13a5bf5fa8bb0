using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Query;

/// <summary>The clusters whose telemetry is read. Everything that reads telemetry takes one, so that none forgets to ask.</summary>
/// <param name="Namespaces">Of ClusterDeployments, at least one; null: all.</param>
/// <param name="Cluster">Only this one, whose namespace may be read.</param>
public sealed record TelemetryScope(IReadOnlyList<string>? Namespaces, ObjectKey? Cluster = null)
{
    public static TelemetryScope Everything { get; } = new(null as IReadOnlyList<string>);
}
