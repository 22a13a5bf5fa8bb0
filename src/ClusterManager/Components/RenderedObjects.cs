using System.Text.Json.Nodes;
using Fleet.Control.Health;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;

namespace Fleet.ClusterManager.Components;

/// <summary>An object of a release that says how the component is.</summary>
internal readonly record struct RenderedObject(GroupVersionKind Kind, ObjectKey Key)
{
    public override string ToString() => $"{Kind.Kind} {Key}";
}

/// <summary>The objects of a release that tell its health: workloads, and the provider objects that the Cluster API operator works on. Pure.</summary>
internal static class RenderedObjects
{
    public static IReadOnlyList<RenderedObject> Of(ReleaseName release, string manifest)
    {
        try
        {
            return [.. KubernetesYaml.ReadAll(manifest).Where(TellsHealth).Select(item => Reference(release, item))];
        }
        catch (KubernetesYamlException)
        {
            // Helm has installed it, so its objects exist; there is only nothing more to be said of their health.
            return [];
        }
    }

    private static bool TellsHealth(JsonObject item) =>
        item["metadata"]?["name"] is not null
        && (WorkloadRollout.Knows((string?)item["apiVersion"], (string?)item["kind"]) || ProviderObject.Is((string?)item["apiVersion"], (string?)item["kind"]));

    private static RenderedObject Reference(ReleaseName release, JsonObject item) => new(
        GroupVersionKind.Parse((string)item["apiVersion"]!, (string)item["kind"]!),
        new((string?)item["metadata"]!["namespace"] ?? release.Namespace, (string)item["metadata"]!["name"]!));
}
