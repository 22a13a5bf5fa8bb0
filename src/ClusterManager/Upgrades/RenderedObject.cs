using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>An object as a chart renders it. Two are the same object when kind (without version), namespace and name are the same.</summary>
internal sealed record RenderedObject(JsonObject Root, string DefaultNamespace)
{
    public string ApiVersion => (string?)Root["apiVersion"] ?? "";

    public string Group => ApiVersion.Contains('/', StringComparison.Ordinal) ? ApiVersion[..ApiVersion.IndexOf('/', StringComparison.Ordinal)] : "";

    public string Kind => (string?)Root["kind"] ?? "";

    public string Name => (string?)Root["metadata"]?["name"] ?? "";

    public string Namespace => (string?)Root["metadata"]?["namespace"] ?? DefaultNamespace;

    public ObjectKey Key => new(Namespace, Name);

    public (string Group, string Kind, ObjectKey Key) Identity => (Group, Kind, Key);

    /// <summary>A template that machines or their bootstrap data are made of. Nothing may change one that is in use.</summary>
    public bool IsMachineTemplate =>
        Kind.EndsWith("Template", StringComparison.Ordinal) && Group is "infrastructure.cluster.x-k8s.io" or "bootstrap.cluster.x-k8s.io";

    /// <summary>Documents without a kind or name (a chart that prints comments only) are left out.</summary>
    public static IReadOnlyList<RenderedObject> ReadAll(string manifest, string @namespace) =>
    [
        .. KubernetesYaml.ReadAll(manifest)
            .Select(root => new RenderedObject(root, @namespace))
            .Where(item => item is { Kind.Length: > 0, Name.Length: > 0 } && !IsHook(item.Root)),
    ];

    // Hooks are run, not kept.
    private static bool IsHook(JsonObject root) => root["metadata"]?["annotations"]?["helm.sh/hook"] is not null;
}
