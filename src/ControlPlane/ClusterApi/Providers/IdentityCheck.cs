using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Definitions;
using Fleet.ControlPlane.ClusterApi.Faults;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Providers;

/// <summary>Follows an infrastructure cluster's identity to its Secret, as providers do before they call their cloud.</summary>
internal static class IdentityCheck
{
    /// <summary>What is missing or refused; null when nothing is, or when the kind needs none.</summary>
    public static Failure? Problem(ManagementScope scope, JsonObject infrastructure, JsonObject? cluster)
    {
        var @namespace = infrastructure.NamespaceOf();
        var reference = infrastructure.Child("spec", "identityRef") ?? infrastructure.Child("spec", "credentialsRef")
            ?? infrastructure.Child("spec", "infraClusterSecretRef");
        if (reference?.Text("name") is not { Length: > 0 } name)
            return CredentialFaults.Of($"{infrastructure.Text("kind")} {infrastructure.NameOf()}", infrastructure, cluster);
        var place = reference.Text("namespace") is { Length: > 0 } other ? other : @namespace;
        var kind = reference.Text("kind") ?? "Secret";
        if (kind == "Secret")
            return SecretProblem(scope, name, [place], $"Secret {name}", infrastructure, cluster, null);
        if (kind == "AWSClusterControllerIdentity")
            return CredentialFaults.Of($"{kind} {name}", infrastructure, cluster);
        if (scope.Kinds.Find(KindRoles.InfrastructureGroup, kind) is not { } identityKind)
            return new("IdentityNotFound", $"identity kind {kind} is not known to the provider");
        var key = identityKind.Namespaced ? new ObjectKey(place, name) : ObjectKey.Cluster(name);
        if (scope.Api.Get(identityKind, key) is not { } identity)
            return new(CredentialFaults.Reason, $"failed to retrieve {kind}: {identityKind.Plural}.{identityKind.Group} \"{name}\" not found");
        return SecretOf(identity) is { } secret
            ? SecretProblem(scope, secret.Name, secret.Namespace is { } fixedPlace ? [fixedPlace] : [.. scope.Options.ProviderNamespaces, place], $"{kind} {name}", infrastructure, cluster, identity)
            : CredentialFaults.Of($"{kind} {name}", infrastructure, cluster, identity);
    }

    public static bool HasIdentity(JsonObject infrastructure) => Enumerable.Any(["identityRef", "credentialsRef", "infraClusterSecretRef"], f => infrastructure.Child("spec", f) is not null);

    private static (string Name, string? Namespace)? SecretOf(JsonObject identity)
    {
        // AWS: a plain name in the provider's namespace; vSphere: secretName; Azure: an object with a namespace of its own.
        if ((identity.Text("spec", "secretRef") ?? identity.Text("spec", "secretName")) is { Length: > 0 } plain)
            return (plain, null);
        var reference = identity.Child("spec", "clientSecret") ?? identity.Child("spec", "secretRef");
        return reference?.Text("name") is { Length: > 0 } name ? (name, reference.Text("namespace") is { Length: > 0 } place ? place : null) : null;
    }

    private static Failure? SecretProblem(
        ManagementScope scope, string name, IReadOnlyList<string> namespaces, string whose, JsonObject infrastructure, JsonObject? cluster, JsonObject? identity)
    {
        var secret = namespaces.Select(n => scope.Api.Get(CoreKinds.Secret, new(n, name))).FirstOrDefault(s => s is not null);
        return secret is null
            ? new(CredentialFaults.Reason, $"failed to retrieve credentials: secrets \"{name}\" not found in {string.Join(", ", namespaces.Distinct())}")
            : CredentialFaults.Of(whose, infrastructure, cluster, identity, secret);
    }
}
