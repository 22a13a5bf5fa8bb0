using System.Text.Json.Nodes;
using Fleet.Control.Grains;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Inventory;
using Fleet.StateManager.Manifests;

namespace Fleet.StateManager.Drift;

/// <summary>An object read from the API server that is not as declared, with all that is needed to repair it.</summary>
/// <param name="Live">Null when it is gone.</param>
internal sealed record DriftedState(ObjectDrift Drift, JsonObject Declared, DynamicObject? Live, ObjectComparison? Comparison)
{
    /// <summary>
    /// Null when the object is as declared, is on its way out, or may be as it is. A difference that the server would make again (it prunes the field, an
    /// admission webhook overwrites it) is found out by a dry run of the repair and is not drift.
    /// </summary>
    public static async Task<DriftedState?> FindAsync(
        InventoryObject o, bool isServerSideApplied, DriftRules rules, IKubernetesClient client, CancellationToken ct)
    {
        var state = await ReadAsync(o, rules, client, ct);
        if (state is not { Live: { } live, Comparison: { } compared })
            return state;
        if (await state.TryAsync(isServerSideApplied, client, ct) is not { } after)
            return state;
        var still = DriftDetector.Compare(o, state.Declared, after.Root, Scaled(live), rules).Drifts.Select(d => d.Path.ToString()).ToHashSet(StringComparer.Ordinal);
        var kept = compared.Drifts.Where(d => !still.Contains(d.Path.ToString())).ToList();
        return kept.Count == 0 ? null : state with { Drift = Told(o, live, kept), Comparison = compared with { Drifts = kept } };
    }

    /// <summary>As the other, without the dry run.</summary>
    public static async Task<DriftedState?> ReadAsync(InventoryObject o, DriftRules rules, IKubernetesClient client, CancellationToken ct)
    {
        var declared = ObjectComparer.Canonical(o.Type, o.Declared.Read());
        var live = await client.Dynamic(o.Kind!).GetAsync(o.Key, ct);
        if (live is null)
            return DriftDetector.MayVanish(o.Type, declared) || rules.Ignores(o, declared, null) ? null : new(new ObjectDrift(o) { IsMissing = true }, declared, null, null);
        if (live.Metadata.IsBeingDeleted || rules.Ignores(o, declared, live.Root))
            return null;
        var compared = DriftDetector.Compare(o, declared, live.Root, Scaled(live), rules);
        return compared.Drifts.Count == 0 ? null : new DriftedState(Told(o, live, compared.Drifts), declared, live, compared);
    }

    /// <summary>
    /// Gives the object its declared fields back, or makes it anew. Only as it was read: a conflict when somebody has written, made or deleted it since, so that ownership is to be
    /// proven after the reading.
    /// </summary>
    public Task<DynamicObject> RepairAsync(bool isServerSideApplied, IKubernetesClient client, CancellationToken ct) =>
        WriteAsync(isServerSideApplied, dryRun: false, client, ct);

    private async Task<DynamicObject?> TryAsync(bool isServerSideApplied, IKubernetesClient client, CancellationToken ct)
    {
        try
        {
            return await WriteAsync(isServerSideApplied, dryRun: true, client, ct);
        }
        catch (KubeApiException)
        {
            // What the server would make of it stays open; the difference stands.
            return null;
        }
    }

    private Task<DynamicObject> WriteAsync(bool isServerSideApplied, bool dryRun, IKubernetesClient client, CancellationToken ct)
    {
        var o = Drift.Object;
        var objects = client.Dynamic(o.Kind!);
        var manager = ManagerOf(o, Live);
        isServerSideApplied |= o.IsFoundation;
        if (Live is null && !isServerSideApplied)
            return objects.CreateAsync(new DynamicObject(ObjectRepair.Manifest(Declared, o.Key.Namespace)), manager, ct);
        if (isServerSideApplied)
        {
            var manifest = ObjectRepair.Manifest(Declared, Comparison?.Left ?? []);
            if (o.Key.Namespace.Length > 0)
                manifest["metadata"]!["namespace"] = o.Key.Namespace;
            if (Live is null && !dryRun)
                return objects.MakeAppliedAsync(manifest, manager, ct);
            if (Live is not null && !dryRun)
                (manifest["metadata"]!["uid"], manifest["metadata"]!["resourceVersion"]) = (Live.Metadata.Uid, Live.Metadata.ResourceVersion);
            return objects.ApplyAsync(manifest, new ApplyOptions(manager) { Force = true, DryRun = dryRun }, ct);
        }

        var patch = Patch.Json(ObjectRepair.Patch(Comparison!.Drifts, Live!.Metadata.ResourceVersion ?? ""));
        return objects.PatchAsync(o.Key, patch, new PatchOptions { FieldManager = manager, DryRun = dryRun }, ct);
    }

    /// <summary>The name under which the declaration was written.</summary>
    private static string ManagerOf(InventoryObject o, DynamicObject? live) =>
        o.IsFoundation ? FoundationLayer.Manager : live is null ? "helm" : FieldOwners.HelmManager(live.Root);

    private static string Scaled(DynamicObject live) => LiveObject.Of(new ReleaseName(), live, null).ScaledFields;

    private static ObjectDrift Told(InventoryObject o, DynamicObject live, IReadOnlyList<FieldDrift> drifts) => new(o)
    {
        Fields = [.. drifts.Select(d => d.Path.ToString())],
        By = FieldOwners.LastWriter(live.Root, drifts, ManagerOf(o, live)),
    };
}
