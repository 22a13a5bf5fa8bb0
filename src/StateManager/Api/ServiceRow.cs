using System.Text.Json;
using Fleet.Contracts.Services;
using Fleet.Control.Kinds;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Api;

/// <summary>A service of a ServiceSet: declared, or still there, or both.</summary>
internal sealed record ServiceRow(ServiceSet Set, ReleaseName Release, PlacedService? Wanted, ServiceState? State)
{
    public ObjectKey Cluster => ServiceSetIndex.ClusterOf(Set);

    /// <summary>The order of lists, and where a page begins. None of the names has a slash.</summary>
    public string Place => $"{Cluster.Namespace}/{Cluster.Name}/{Release.Namespace}/{Release.Name}/{Set.Metadata.Name}";

    public static IEnumerable<ServiceRow> Of(ServiceSet set)
    {
        var states = (set.Status?.Services ?? []).ToDictionary(state => new ReleaseName(state.Namespace, state.Name));
        foreach (var service in set.Spec.Services ?? [])
        {
            var release = new ReleaseName(ServiceSetIndex.NamespaceOf(service), service.Name);
            states.Remove(release, out var state);
            yield return new(set, release, service, state);
        }
        foreach (var (release, state) in states)
            yield return new(set, release, null, state);
    }

    /// <summary>The same service as another version of its set has it; null when that has none.</summary>
    public ServiceRow? In(DynamicObject set) => Of(set.Root.Deserialize(FleetKindsJson.Default.ServiceSet)!).FirstOrDefault(other => other.Release == Release);
}
