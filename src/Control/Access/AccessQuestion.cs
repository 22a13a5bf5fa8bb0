using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Access;

/// <summary>What RBAC is asked about.</summary>
/// <param name="Verb">One of Kubernetes' verbs, or one of a virtual resource's own.</param>
/// <param name="Namespace">Empty: all namespaces.</param>
/// <param name="Name">Null: all objects.</param>
public sealed record AccessQuestion(string Verb, ResourceKind Resource, string Namespace, string? Name = null, string? Subresource = null)
{
    private string What => Subresource is null ? Resource.Plural : $"{Resource.Plural}/{Subresource}";

    public override string ToString() =>
        $"{Verb} {What}{(Name is null ? "" : $" \"{Name}\"")}{(Namespace.Length > 0 ? $" in namespace {Namespace}" : "")}";
}
