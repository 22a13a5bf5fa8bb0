using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.References;

/// <summary>spec.clusterAuth: the AuthenticationConfiguration of the cluster's API servers. Pure.</summary>
internal static class AuthenticationReference
{
    /// <summary>Every kube-apiserver since 1.30 reads it; v1, which upstream writes, only those since 1.34. Their fields are the same.</summary>
    private const string ApiVersion = "apiserver.config.k8s.io/v1beta1";

    public static ResolvedReference Resolve(AuthenticationFacts facts, ObjectKey cluster)
    {
        var name = $"ClusterAuthentication {facts.Key}";
        if (facts.Spec is not { } spec)
            return Lacking(name, $"failed to get {name}: it does not exist");
        if (facts.AuthorityProblem is { } problem)
            return Lacking(name, $"failed to get AuthenticationConfiguration: {problem}");
        if (spec["authenticationConfiguration"] is not JsonObject given)
            return new() { Name = name, Conditions = [Condition.True(ClusterAuthenticationReady, Reason.Succeeded, $"{name} configures nothing")] };

        var configuration = (JsonObject)given.DeepClone();
        if (facts.Authority is { Length: > 0 } authority)
            foreach (var issuer in (configuration["jwt"] as JsonArray ?? []).Select(jwt => jwt?["issuer"]).OfType<JsonObject>())
                issuer["certificateAuthority"] = authority;
        var document = new ClusterDocument(
            CoreKinds.Secrets, DocumentPlaces.Authentication(cluster), DocumentPlaces.AuthenticationKey,
            ClusterDocument.Write(ApiVersion, "AuthenticationConfiguration", configuration));
        var auth = new JsonObject
        {
            ["configSecret"] = new JsonObject { ["name"] = document.Place.Name, ["key"] = document.DataKey, ["hash"] = document.Hash },
        };
        // The API server does not start when both the configuration and a flag speak of anonymous requests.
        if (configuration["anonymous"] is not null)
            auth["configWithAnon"] = true;
        return new()
        {
            Name = name,
            Conditions = [Condition.True(ClusterAuthenticationReady, Reason.Succeeded, $"{name} is in Secret {document.Place}")],
            Values = new() { ["auth"] = auth },
            Documents = [document],
        };
    }

    private static ResolvedReference Lacking(string name, string message) =>
        ResolvedReference.Lacking(name, Condition.False(ClusterAuthenticationReady, Reason.Failed, message));
}
