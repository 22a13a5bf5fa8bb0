using Fleet.ClusterManager.References;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Watching;

/// <summary>References of a ClusterDeployment beside template and credential. Services are lines of <c>template|chain</c>, so that records compare by value.</summary>
internal sealed record ClusterReferences(string? Authentication, string? AuditPolicy, string? DataSource, string Services)
{
    /// <summary>The claim of addresses that the spec names, or that is made for it.</summary>
    public string? IpamClaim { get; init; }

    public static ClusterReferences Of(ClusterDeployment cluster) => new(
        cluster.Spec.ClusterAuth,
        cluster.Spec.AuditPolicy,
        cluster.Spec.DataSource,
        string.Join('\n', (cluster.Spec.ServiceSpec?.Services ?? []).Select(service => $"{service.Template}|{service.TemplateChain}").Distinct()))
    {
        IpamClaim = IpamReference.KeyOf(cluster)?.Name,
    };

    /// <summary>Each reference beside services, as <see cref="Named"/> puts it.</summary>
    public IEnumerable<string> EachObject(string @namespace)
    {
        if (Authentication is { Length: > 0 } authentication)
            yield return Named(FleetKinds.ClusterAuthentications.Kind, new(@namespace, authentication));
        if (AuditPolicy is { Length: > 0 } policy)
            yield return Named(FleetKinds.ClusterAuditPolicies.Kind, new(@namespace, policy));
        if (DataSource is { Length: > 0 } source)
            yield return Named(FleetKinds.DataSources.Kind, new(@namespace, source));
        if (IpamClaim is { Length: > 0 } claim)
            yield return Named(FleetKinds.ClusterIpamClaims.Kind, new(@namespace, claim));
    }

    public static string Named(ResourceKind kind, ObjectKey key) => $"{kind.Kind} {key}";

    public IEnumerable<(string Template, string? Chain)> EachService()
    {
        foreach (var line in Services.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var bar = line.IndexOf('|', StringComparison.Ordinal);
            yield return (line[..bar], bar + 1 < line.Length ? line[(bar + 1)..] : null);
        }
    }
}
