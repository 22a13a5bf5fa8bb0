using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Pods;

/// <summary>Something that the pod's containers need and that is not there. Volume: which one, when it is a volume that cannot be mounted.</summary>
internal sealed record MissingNeed(string Message, string? Volume = null)
{
    public bool IsVolume => Volume is not null;
}

/// <summary>The ConfigMaps, Secrets and claims that a pod names.</summary>
internal static class PodNeeds
{
    public static MissingNeed? Missing(IClusterApi api, JsonObject pod) => MissingVolume(api, pod) ?? MissingVariable(api, pod);

    /// <summary>The scheduler's words when a claim of the pod is absent or not bound.</summary>
    public static string? UnboundClaim(IClusterApi api, JsonObject pod)
    {
        foreach (var volume in pod.Items("spec", "volumes"))
        {
            if (volume.Text("persistentVolumeClaim", "claimName") is not { } claim)
                continue;
            var found = api.Get(CoreKinds.PersistentVolumeClaim, new(pod.NamespaceOf(), claim));
            if (found is null)
                return $"persistentvolumeclaim \"{claim}\" not found";
            if (found.Text("status", "phase") != "Bound")
                return "pod has unbound immediate PersistentVolumeClaims";
        }
        return null;
    }

    private static MissingNeed? MissingVolume(IClusterApi api, JsonObject pod)
    {
        foreach (var volume in pod.Items("spec", "volumes"))
        {
            var name = volume.Text("name") ?? "";
            if (volume.Child("secret") is { } secret && Absent(api, pod, CoreKinds.Secret, secret, secret.Text("secretName")) is { } noSecret)
                return new(noSecret, name);
            if (volume.Child("configMap") is { } map && Absent(api, pod, CoreKinds.ConfigMap, map, map.Text("name")) is { } noMap)
                return new(noMap, name);
        }
        return null;
    }

    private static MissingNeed? MissingVariable(IClusterApi api, JsonObject pod)
    {
        foreach (var container in pod.Items("spec", "containers").Concat(pod.Items("spec", "initContainers")))
        {
            var sources = container.Items("envFrom").Select(e => (Secret: e.Child("secretRef"), Map: e.Child("configMapRef")))
                .Concat(container.Items("env").Select(e => (Secret: e.Child("valueFrom", "secretKeyRef"), Map: e.Child("valueFrom", "configMapKeyRef"))));
            foreach (var (secret, map) in sources)
            {
                var absent = secret is not null ? Absent(api, pod, CoreKinds.Secret, secret, secret.Text("name"))
                    : map is not null ? Absent(api, pod, CoreKinds.ConfigMap, map, map.Text("name")) : null;
                if (absent is not null)
                    return new(absent);
            }
        }
        return null;
    }

    private static string? Absent(IClusterApi api, JsonObject pod, ResourceKind kind, JsonObject source, string? name) =>
        name is null || source.Flag("optional") || api.Get(kind, new(pod.NamespaceOf(), name)) is not null
            ? null
            : $"{kind.Kind.ToLowerInvariant()} \"{name}\" not found";
}
