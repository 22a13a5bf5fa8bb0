using Fleet.Contracts;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Ingest.Tokens;

/// <summary>
/// The Secret that holds the hashes of a cluster's tokens, in the cluster's namespace: one key a token. It belongs to the ClusterDeployment by owner reference, so it goes
/// with it, and a cluster that comes later under the same name begins without tokens.
/// </summary>
internal static class TokenSecret
{
    public const string Label = "k0rdent.mirantis.com/telemetry-tokens";
    public const string Selector = Label + "=true";

    public static ObjectKey KeyOf(ObjectKey cluster) => cluster with { Name = cluster.Name + "-telemetry-tokens" };

    /// <summary>The cluster that a Secret belongs to; null when it is none of ours.</summary>
    public static OwnerReference? OwnerOf(Secret secret) =>
        secret.Metadata.Labels?.GetValueOrDefault(Label) == "true"
            ? secret.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Kind == "ClusterDeployment" && owner.ApiVersion.StartsWith(FleetApi.Group + "/", StringComparison.Ordinal))
            : null;

    public static IEnumerable<KeyValuePair<string, TokenRecord>> TokensOf(Secret secret)
    {
        foreach (var (id, value) in secret.Data ?? [])
            if (TokenRecord.Parse(value) is { } record)
                yield return new(id, record);
    }
}
