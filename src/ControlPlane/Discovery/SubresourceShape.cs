using Fleet.ControlPlane.Kinds;

namespace Fleet.ControlPlane.Discovery;

/// <summary>What a subresource speaks: its own kind, or that of its parent.</summary>
internal sealed record SubresourceShape(string Group, string Version, string Kind, IReadOnlyList<string> Verbs)
{
    public static SubresourceShape Of(KindInfo kind, string name) => name switch
    {
        "scale" => new("autoscaling", "v1", "Scale", ["get", "patch", "update"]),
        "token" => new("authentication.k8s.io", "v1", "TokenRequest", ["create"]),
        "eviction" => new("policy", "v1", "Eviction", ["create"]),
        "binding" => new(kind.Group, kind.Version, "Binding", ["create"]),
        "log" => new(kind.Group, kind.Version, kind.Kind, ["get"]),
        "finalize" => new(kind.Group, kind.Version, kind.Kind, ["update"]),
        "exec" or "attach" or "portforward" =>
            new(kind.Group, kind.Version, name switch { "exec" => "PodExecOptions", "attach" => "PodAttachOptions", _ => "PodPortForwardOptions" }, ["create", "get"]),
        "proxy" => new(kind.Group, kind.Version, $"{kind.Kind}ProxyOptions", ["create", "delete", "get", "patch", "update"]),
        _ => new(kind.Group, kind.Version, kind.Kind, ["get", "patch", "update"]),
    };
}
