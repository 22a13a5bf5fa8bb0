using System.Text.Json.Nodes;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.StateManager.Manifests;

/// <summary>
/// Puts into a cluster what has to be there before helm looks at a release: helm knows no kind whose definition comes in the same release, and would delete
/// definitions with it. Changes of definitions reach the cluster; nothing is ever deleted here.
/// </summary>
internal sealed class FoundationLayer(TimeProvider clock)
{
    public const string Manager = "fleet-state-manager";

    /// <summary>An API server serves a kind within a second of its definition.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Completes when the kinds are served.</summary>
    /// <param name="cluster">The managed cluster.</param>
    /// <param name="objects">Namespaces and definitions.</param>
    /// <param name="takeOver">Fields that another manager owns are taken from it; otherwise they are an error that names it.</param>
    /// <param name="reclaim">What was laid here before and was changed by others since is taken back all the same.</param>
    /// <param name="ownership">Of whoever looks after the cluster.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="ManifestException">The cluster refuses one, or does not serve it.</exception>
    public async Task LayAsync(IKubernetesClient cluster, IReadOnlyList<JsonObject> objects, bool takeOver, bool reclaim, GrainOwnership ownership, CancellationToken ct)
    {
        var definitions = new List<string>();
        foreach (var item in objects)
        {
            var manifest = Clean(item);
            var (kind, name) = ((string)manifest["kind"]!, (string)manifest["metadata"]!["name"]!);
            try
            {
                await ApplyAsync(cluster, manifest, takeOver, reclaim, ownership, ct);
            }
            catch (KubeApiException e)
            {
                throw new ManifestException(
                    e.IsConflict ? $"{kind} {name} belongs to somebody else: {e.Message}. helmOptions with takeOwnership take it over" : $"{kind} {name}: {e.Message}", !e.IsTransient);
            }
            if (kind == CoreKinds.Definitions.Kind)
                definitions.Add(name);
        }
        foreach (var name in definitions)
            await UntilServedAsync(cluster, name, ct);
    }

    private static async Task ApplyAsync(IKubernetesClient cluster, JsonObject manifest, bool takeOver, bool reclaim, GrainOwnership ownership, CancellationToken ct)
    {
        var type = GroupVersionKind.Parse((string?)manifest["apiVersion"] ?? "", (string?)manifest["kind"] ?? "");
        var kind = await cluster.FindKindAsync(type, ct) ?? throw new KubeApiException(404, "NotFound", $"the server has no kind {type}");
        try
        {
            await cluster.Dynamic(kind).ApplyFencedAsync(manifest, new(Manager) { Force = takeOver }, ownership, ct);
        }
        catch (KubeApiException e) when (e.IsConflict && reclaim)
        {
            if (await cluster.Dynamic(kind).GetAsync(ObjectKey.Cluster((string)manifest["metadata"]!["name"]!), ct) is not { } live || !WasLaidHere(live))
                throw;
            await cluster.Dynamic(kind).ApplyFencedAsync(manifest, new(Manager) { Force = true }, ownership, ct);
        }
    }

    private static bool WasLaidHere(DynamicObject live) => (live.At("metadata", "managedFields") as JsonArray ?? [])
        .Any(entry => (string?)entry?["manager"] == Manager && (string?)entry["operation"] == "Apply");

    private async Task UntilServedAsync(IKubernetesClient cluster, string name, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            var conditions = (await cluster.Dynamic(CoreKinds.Definitions).GetAsync(ObjectKey.Cluster(name), ct))?.At("status", "conditions") as JsonArray ?? [];
            if (conditions.Any(condition => (string?)condition?["type"] == "Established" && (string?)condition["status"] == "True"))
                return;
            if (conditions.FirstOrDefault(condition => (string?)condition?["type"] == "NamesAccepted" && (string?)condition["status"] == "False") is { } refused)
                throw new ManifestException($"CustomResourceDefinition {name}: {refused["message"]}");
            if (clock.GetElapsedTime(began) > Patience)
                throw new ManifestException($"CustomResourceDefinition {name} is not served after {Patience.TotalSeconds:0} s", isFault: false);
            await Task.Delay(Look, clock, ct);
        }
    }

    /// <summary>Generators of definitions write fields that are the server's.</summary>
    internal static JsonObject Clean(JsonObject item)
    {
        var manifest = item.DeepClone().AsObject();
        manifest.Remove("status");
        (manifest["metadata"] as JsonObject)?.Remove("creationTimestamp");
        return manifest;
    }
}
