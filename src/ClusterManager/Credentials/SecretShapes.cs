using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Credentials;

/// <summary>Reads Secrets and forgets their values at once.</summary>
internal sealed class SecretShapes(IKubernetesClient client)
{
    public async Task<SecretShape> ReadAsync(ObjectKey key, CancellationToken ct) =>
        await client.Dynamic(CoreKinds.Secrets).GetAsync(key, ct) is { } secret ? Of(key, secret.Root) : SecretShape.Missing(key);

    public static SecretShape Of(ObjectKey key, JsonObject secret) => new(
        key, true, (secret["data"] as JsonObject ?? []).Where(pair => (string?)pair.Value is { Length: > 0 }).Select(pair => pair.Key).ToHashSet());
}
