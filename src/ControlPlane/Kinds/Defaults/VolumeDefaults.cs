using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using static Fleet.ControlPlane.Kinds.BuiltInDefaults;

namespace Fleet.ControlPlane.Kinds;

/// <summary>PersistentVolumes and their claims.</summary>
internal static class VolumeDefaults
{
    private const string DefaultClassAnnotation = "storageclass.kubernetes.io/is-default-class";

    private static readonly KindInfo Classes = BuiltInKinds.Find("storage.k8s.io", "storageclasses");

    public static void Claim(Cluster cluster, JsonObject body, JsonObject? old)
    {
        if (body["spec"] is not JsonObject spec) return;
        Set(spec, "volumeMode", "Filesystem");
        if (old is not null) return;
        body["status"] = new JsonObject { ["phase"] = "Pending" };
        if (!spec.ContainsKey("storageClassName") && DefaultClass(cluster) is { } name) spec["storageClassName"] = name;
    }

    public static void Volume(JsonObject body, JsonObject? old)
    {
        if (body["spec"] is not JsonObject spec) return;
        Set(spec, "volumeMode", "Filesystem");
        Set(spec, "persistentVolumeReclaimPolicy", "Retain");
        if (spec["claimRef"] is JsonObject claim)
        {
            Set(claim, "apiVersion", "v1");
            Set(claim, "kind", "PersistentVolumeClaim");
        }
        if (old is null) body["status"] = new JsonObject { ["phase"] = "Pending" };
    }

    private static string? DefaultClass(Cluster cluster)
    {
        foreach (var item in cluster.Table(Classes).State.Range(null))
        {
            if (StoredFields.Text(item, ["metadata", "annotations", DefaultClassAnnotation]) == "true") return item.Key.Name;
        }
        return null;
    }
}
