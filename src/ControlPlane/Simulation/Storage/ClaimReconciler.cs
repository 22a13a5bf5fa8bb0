using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Clusters;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Simulation.Storage;

/// <summary>Binds claims to volumes that it makes, and removes the volumes when their claims are gone.</summary>
internal sealed class ClaimReconciler : WorkloadReconciler
{
    protected override async ValueTask<TimeSpan?> ReconcileAsync(WorkloadCluster cluster, ObjectKey key, CancellationToken ct)
    {
        if (cluster.Api.Get(CoreKinds.PersistentVolumeClaim, key) is not { } claim)
        {
            if (cluster.OwnerOf(new("PersistentVolumeClaim", key)) is { } volume)
                await ReleaseAsync(cluster, key, volume.Key, ct);
            return null;
        }
        if (claim.IsDeleting())
            return null;
        if (claim.Text("status", "phase") == "Bound")
        {
            if (claim.Text("spec", "volumeName") is { } bound)
                cluster.RememberOwner(new("PersistentVolumeClaim", key), new("PersistentVolume", ObjectKey.Cluster(bound)));
            return await ResizeAsync(cluster, claim, key, ct);
        }
        if (StorageClass(cluster, claim) is not { } storageClass)
            return await WaitForClassAsync(cluster, claim, key, ct);
        await BindAsync(cluster, claim, key, storageClass, ct);
        return null;
    }

    private static string? StorageClass(WorkloadCluster cluster, JsonObject claim)
    {
        var named = claim.Text("spec", "storageClassName");
        var classes = cluster.Api.List(CoreKinds.StorageClass);
        return named is null
            ? classes.FirstOrDefault(c => c.Annotation("storageclass.kubernetes.io/is-default-class") == "true")?.NameOf()
            : classes.FirstOrDefault(c => c.NameOf() == named)?.NameOf();
    }

    private static async ValueTask<TimeSpan?> WaitForClassAsync(WorkloadCluster cluster, JsonObject claim, ObjectKey key, CancellationToken ct)
    {
        var named = claim.Text("spec", "storageClassName");
        await cluster.Api.ChangeAsync(CoreKinds.PersistentVolumeClaim, key, c => c.Ensure("status").Put("phase", "Pending"), status: true, ct);
        if (named is { Length: > 0 })
            await cluster.RecordAsync(claim, "Warning", "ProvisioningFailed", $"storageclass.storage.k8s.io \"{named}\" not found", "persistentvolume-controller", ct);
        return TimeSpan.FromSeconds(5);
    }

    private static async ValueTask BindAsync(WorkloadCluster cluster, JsonObject claim, ObjectKey key, string storageClass, CancellationToken ct)
    {
        var name = claim.Text("spec", "volumeName") is { Length: > 0 } given ? given : $"pvc-{claim.Uid()}";
        var capacity = claim.At("spec", "resources", "requests", "storage")?.ToString() ?? "1Gi";
        var modes = claim.At("spec", "accessModes")?.DeepClone() ?? new JsonArray("ReadWriteOnce");
        cluster.RememberOwner(new("PersistentVolumeClaim", key), new("PersistentVolume", ObjectKey.Cluster(name)));
        if (cluster.Api.Get(CoreKinds.PersistentVolume, ObjectKey.Cluster(name)) is null)
            await cluster.Api.CreateAsync(CoreKinds.PersistentVolume, Volume(claim, name, capacity, modes, storageClass), ct);
        await cluster.Api.ChangeAsync(CoreKinds.PersistentVolume, ObjectKey.Cluster(name),
            v => v.Ensure("status").Put("phase", "Bound"), status: true, ct);
        await cluster.Api.ChangeAsync(CoreKinds.PersistentVolumeClaim, key, c =>
        {
            var changed = c.Ensure("spec").Put("volumeName", name);
            changed |= c.Ensure("spec").Put("storageClassName", storageClass);
            c.Ensure("metadata", "annotations")["pv.kubernetes.io/bind-completed"] = "yes";
            return changed;
        }, status: false, ct);
        await cluster.Api.ChangeAsync(CoreKinds.PersistentVolumeClaim, key, c => c.Put("status", new JsonObject
        {
            ["phase"] = "Bound",
            ["accessModes"] = modes.DeepClone(),
            ["capacity"] = new JsonObject { ["storage"] = capacity },
        }), status: true, ct);
    }

    private static async ValueTask<TimeSpan?> ResizeAsync(WorkloadCluster cluster, JsonObject claim, ObjectKey key, CancellationToken ct)
    {
        var wanted = claim.At("spec", "resources", "requests", "storage")?.ToString();
        if (wanted is null || Quantities.Milli(wanted) <= Quantities.Milli(claim.Text("status", "capacity", "storage")))
            return null;
        await cluster.Api.ChangeAsync(CoreKinds.PersistentVolumeClaim, key,
            c => c.Ensure("status", "capacity").Put("storage", wanted), status: true, ct);
        return null;
    }

    private static async ValueTask ReleaseAsync(WorkloadCluster cluster, ObjectKey claim, ObjectKey volume, CancellationToken ct)
    {
        cluster.ForgetOwner(new("PersistentVolumeClaim", claim));
        if (cluster.Api.Get(CoreKinds.PersistentVolume, volume)?.Text("spec", "persistentVolumeReclaimPolicy") == "Delete")
            await cluster.Api.DeleteAsync(CoreKinds.PersistentVolume, volume, DeleteOptions.Background, ct);
        else
            await cluster.Api.ChangeAsync(CoreKinds.PersistentVolume, volume, v => v.Ensure("status").Put("phase", "Released"), status: true, ct);
    }

    private static JsonObject Volume(JsonObject claim, string name, string capacity, JsonNode modes, string storageClass) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "PersistentVolume",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["annotations"] = new JsonObject { ["pv.kubernetes.io/provisioned-by"] = "disk.simulation.fleet.dev" },
        },
        ["spec"] = new JsonObject
        {
            ["capacity"] = new JsonObject { ["storage"] = capacity },
            ["accessModes"] = modes.DeepClone(),
            ["persistentVolumeReclaimPolicy"] = "Delete",
            ["storageClassName"] = storageClass,
            ["volumeMode"] = claim.Text("spec", "volumeMode") ?? "Filesystem",
            ["csi"] = new JsonObject { ["driver"] = "disk.simulation.fleet.dev", ["volumeHandle"] = $"vol-{StableHash.Hex(name, 17)}" },
            ["claimRef"] = new JsonObject
            {
                ["apiVersion"] = "v1", ["kind"] = "PersistentVolumeClaim", ["name"] = claim.NameOf(),
                ["namespace"] = claim.NamespaceOf(), ["uid"] = claim.Uid(),
            },
        },
    };
}
