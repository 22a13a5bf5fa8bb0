using System.Text.Json.Nodes;
using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Clusters;
using Fleet.Contracts;
using Fleet.Contracts.Upgrades;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>
/// What an upgrade of a release that exists goes through before helm: rules are checked, worker pools that must not be ahead of the control plane
/// are paused, machine templates in use are kept. Every step may be repeated.
/// </summary>
internal static class UpgradeGate
{
    /// <summary>The rule that holds the upgrade, or null when helm may go on.</summary>
    public static async Task<PlanBlocker?> PassAsync(ClusterFacts facts, ClusterPlan plan, ClusterTurn turn, CancellationToken ct)
    {
        var seen = await UpgradeFactsReader.ReadAsync(facts, plan, turn.Host, ct);
        var preparation = UpgradePreparation.Of(seen with { Problems = facts.IsRolledBack ? [] : TemplateChains.Problems(facts) });
        if (preparation.HeldBy is { } rule)
            return rule;
        foreach (var pool in preparation.Hold)
            await HoldAsync(facts, pool, turn, ct);
        foreach (var template in preparation.Keep)
            await KeepAsync(facts, template, turn, ct);
        return null;
    }

    private static async Task HoldAsync(ClusterFacts facts, RenderedObject pool, ClusterTurn turn, CancellationToken ct)
    {
        var client = turn.Host.Client;
        if (await FindAsync(client, pool, ct) is not { } kind)
            return;
        if (await client.Dynamic(kind).GetAsync(pool.Key, ct) is not { } seen)
        {
            await turn.Ownership.ProveAsync(ct);
            await client.Dynamic(kind).CreateAsync(new(NewPool(facts, pool)), ct);
            return;
        }
        // Somebody else's pause stays theirs.
        var annotations = seen.Metadata.Annotations;
        if (annotations?.ContainsKey(CapiReader.PausedAnnotation) == true)
            return;
        await turn.Ownership.ProveAsync(ct);
        await AnnotateAsync(client, kind, seen, new() { [CapiReader.PausedAnnotation] = "", [FleetAnnotations.HeldForControlPlane] = facts.Key.Name }, [], ct);
    }

    // A new pool would start at once: it is made paused, as helm's own, so that helm takes it over.
    private static JsonObject NewPool(ClusterFacts facts, RenderedObject pool)
    {
        var root = (JsonObject)pool.Root.DeepClone();
        var metadata = (JsonObject)root["metadata"]!;
        metadata["namespace"] = pool.Namespace;
        var annotations = metadata["annotations"] as JsonObject ?? [];
        metadata["annotations"] = annotations;
        annotations[CapiReader.PausedAnnotation] = "";
        annotations[FleetAnnotations.HeldForControlPlane] = facts.Key.Name;
        annotations["meta.helm.sh/release-name"] = facts.Key.Name;
        annotations["meta.helm.sh/release-namespace"] = facts.Key.Namespace;
        var labels = metadata["labels"] as JsonObject ?? [];
        metadata["labels"] = labels;
        labels["app.kubernetes.io/managed-by"] = "Helm";
        return root;
    }

    // Helm leaves a removed object alone when the object says so itself; upstream's charts do not say it.
    private static async Task KeepAsync(ClusterFacts facts, RenderedObject template, ClusterTurn turn, CancellationToken ct)
    {
        var client = turn.Host.Client;
        if (await FindAsync(client, template, ct) is not { } kind || await client.Dynamic(kind).GetAsync(template.Key, ct) is not { } seen)
            return;
        if (seen.Metadata.Labels?.GetValueOrDefault(FleetLabels.SupersededIn) == facts.Key.Name)
            return;
        var owners = await OwnersAsync(seen, facts, turn.Host, ct);
        await turn.Ownership.ProveAsync(ct);
        await AnnotateAsync(
            client, kind, seen, new() { ["helm.sh/resource-policy"] = "keep" },
            new()
            {
                ["labels"] = new JsonObject { [FleetLabels.SupersededIn] = facts.Key.Name },
                // Should the cluster go before its machines have rolled, the template goes with it.
                ["ownerReferences"] = owners,
            }, ct);
    }

    /// <summary>In a region there is no ClusterDeployment, and what an owner that is not there owns is collected at once.</summary>
    private static async Task<JsonArray> OwnersAsync(DynamicObject template, ClusterFacts facts, CapiHost host, CancellationToken ct)
    {
        var owners = template.At("metadata", "ownerReferences")?.DeepClone() as JsonArray ?? [];
        var owner = host.Region is null
            ? Owner(FleetKinds.ClusterDeployments.Kind, facts.Key, facts.Object.Metadata.Uid)
            : facts.Capi is { } cluster && await host.Tree.KindAsync(CapiReader.Group, "Cluster", ct) is { } kind ? Owner(kind, cluster.Key, cluster.Uid) : null;
        if (owner is not null && !owners.Any(present => (string?)present?["uid"] == (string?)owner["uid"]))
            owners.Add(owner);
        return owners;
    }

    private static JsonObject Owner(ResourceKind kind, ObjectKey key, string? uid) =>
        new() { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Kind, ["name"] = key.Name, ["uid"] = uid };

    private static Task<ResourceKind?> FindAsync(IKubernetesClient client, RenderedObject item, CancellationToken ct) =>
        client.FindKindAsync(GroupVersionKind.Parse(item.ApiVersion, item.Kind), ct);

    private static async Task AnnotateAsync(IKubernetesClient client, ResourceKind kind, DynamicObject seen, JsonObject annotations, JsonObject metadata, CancellationToken ct)
    {
        metadata["uid"] = seen.Metadata.Uid;
        metadata["resourceVersion"] = seen.Metadata.ResourceVersion;
        metadata["annotations"] = annotations;
        await client.Dynamic(kind).PatchAsync(
            seen.Key, Patch.Merge(new() { ["metadata"] = metadata }), new() { FieldManager = OwnedObjects.FieldManager }, ct);
    }
}
