using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi;

/// <summary>
/// A reference between Cluster API objects. Contract v1beta2 writes apiGroup, v1beta1 apiVersion (and a namespace); both are read.
/// </summary>
internal readonly record struct ContractReference(string Group, string Kind, ObjectKey Key)
{
    public static ContractReference? Read(JsonObject? reference, string @namespace)
    {
        if (reference?.Text("kind") is not { Length: > 0 } kind || reference.Text("name") is not { Length: > 0 } name)
            return null;
        var group = reference.Text("apiGroup") ?? GroupVersionKind.Parse(reference.Text("apiVersion") ?? "", kind).Group;
        return new(group, kind, new(reference.Text("namespace") is { Length: > 0 } other ? other : @namespace, name));
    }

    public override string ToString() => $"{Kind} {Key}";
}
