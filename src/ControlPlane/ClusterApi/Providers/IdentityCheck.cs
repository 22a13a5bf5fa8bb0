using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Definitions;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Providers;

/// <summary>Follows an infrastructure cluster's identity to its Secret, as providers do before they call their cloud.</summary>
internal static class IdentityCheck
{
    /// <summary>What is missing; null when nothing is, or when the kind needs none.</summary>
    public static (string Reason, string Message)? Problem(ManagementScope scope, JsonObject infrastructure)
    {
        var @namespace = infrastructure.NamespaceOf();
        var reference = infrastructure.Child("spec", "identityRef") ?? infrastructure.Child("spec", "credentialsRef")
            ?? infrastructure.Child("spec", "infraClusterSecretRef");
        if (reference?.Text("name") is not { Length: > 0 } name)
            return null;
        var place = reference.Text("namespace") is { Length: > 0 } other ? other : @namespace;
        var kind = reference.Text("kind") ?? "Secret";
        if (kind == "Secret")
            return SecretProblem(scope, name, [place]);
        if (kind == "AWSClusterControllerIdentity")
            return null;
        if (scope.Kinds.Find(KindRoles.InfrastructureGroup, kind) is not { } identityKind)
            return ("IdentityNotFound", $"identity kind {kind} is not known to the provider");
        var key = identityKind.Namespaced ? new ObjectKey(place, name) : ObjectKey.Cluster(name);
        if (scope.Api.Get(identityKind, key) is not { } identity)
            return ("PrincipalCredentialRetrievalFailed", $"failed to retrieve {kind}: {identityKind.Plural}.{identityKind.Group} \"{name}\" not found");
        return SecretOf(identity) is { } secret
            ? SecretProblem(scope, secret.Name, secret.Namespace is { } fixedPlace ? [fixedPlace] : [.. scope.Options.ProviderNamespaces, place])
            : null;
    }

    private static (string Name, string? Namespace)? SecretOf(JsonObject identity)
    {
        // AWS: a plain name in the provider's namespace; vSphere: secretName; Azure: an object with a namespace of its own.
        if ((identity.Text("spec", "secretRef") ?? identity.Text("spec", "secretName")) is { Length: > 0 } plain)
            return (plain, null);
        var reference = identity.Child("spec", "clientSecret") ?? identity.Child("spec", "secretRef");
        return reference?.Text("name") is { Length: > 0 } name ? (name, reference.Text("namespace") is { Length: > 0 } place ? place : null) : null;
    }

    private static (string Reason, string Message)? SecretProblem(ManagementScope scope, string name, IReadOnlyList<string> namespaces) =>
        namespaces.Any(n => scope.Api.Get(CoreKinds.Secret, new(n, name)) is not null)
            ? null
            : ("PrincipalCredentialRetrievalFailed", $"failed to retrieve credentials: secrets \"{name}\" not found in {string.Join(", ", namespaces.Distinct())}");
}
