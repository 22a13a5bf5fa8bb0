using Fleet.Contracts;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Components;

/// <summary>The cluster that components are installed in, and the object that they are installed for.</summary>
internal sealed record ComponentTarget
{
    public required IKubernetesClient Client { get; init; }

    /// <summary>The same cluster as helm reaches it.</summary>
    public required ClusterAccess Access { get; init; }

    /// <summary>Its uid is written on every release, so that nothing else is ever changed or removed.</summary>
    public required ObjectMeta Owner { get; init; }

    public string Namespace { get; init; } = FleetApi.SystemNamespace;

    /// <summary>Before the names of releases.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>A release of that name that somebody else made may be taken over.</summary>
    public bool TakesOver => string.Equals(Owner.Annotations?.GetValueOrDefault(FleetAnnotations.TakeOver), "true", StringComparison.OrdinalIgnoreCase);

    public ReleaseName ReleaseOf(WantedComponent component) => new(component.Namespace ?? Namespace, Prefix + component.Name);
}
