using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Control.Certificates;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Webhooks;

/// <summary>The Secret in which all replicas share the certificates. Whoever writes second takes what the first has written.</summary>
internal sealed class WebhookSecret(IKubernetesClient client, WebhookOptions options)
{
    public const string Name = "fleet-webhook-certificates";

    private static readonly AuthorityTerms Terms = new("fleet-webhook", TimeSpan.FromDays(730));

    private static readonly ResourceKind Namespaces = new("", "v1", "Namespace", "namespaces", Namespaced: false);

    public async Task<ServingCertificates> RenewAsync(IReadOnlyList<string> names, DateTimeOffset now, CancellationToken ct)
    {
        var key = new ObjectKey(options.Namespace, Name);
        while (true)
        {
            var found = await client.Dynamic(CoreKinds.Secrets).GetAsync(key, ct);
            var kept = found is null ? null : new ServingCertificates(Value(found, "ca.crt"), Value(found, "ca.key"), Value(found, "tls.crt"), Value(found, "tls.key"));
            var wanted = ServingCertificates.Renew(kept, Terms, names, now);
            if (ReferenceEquals(wanted, kept))
                return wanted;
            try
            {
                if (found is null)
                {
                    await EnsureNamespaceAsync(ct);
                    await client.Dynamic(CoreKinds.Secrets).CreateAsync(new(Manifest(wanted, null)), ct);
                }
                else
                    await client.Dynamic(CoreKinds.Secrets).UpdateAsync(new(Manifest(wanted, found.Metadata.ResourceVersion)), ct);
                return wanted;
            }
            catch (KubeApiException e) when (e.IsAlreadyExists || e.IsConflict)
            {
                // Another replica was faster.
            }
        }
    }

    private async Task EnsureNamespaceAsync(CancellationToken ct)
    {
        if (await client.Dynamic(Namespaces).GetAsync(ObjectKey.Cluster(options.Namespace), ct) is not null)
            return;
        try
        {
            await client.Dynamic(Namespaces).CreateAsync(
                new(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = options.Namespace } }), ct);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
        }
    }

    private JsonObject Manifest(ServingCertificates certificates, string? resourceVersion)
    {
        var metadata = new JsonObject { ["namespace"] = options.Namespace, ["name"] = Name, ["labels"] = new JsonObject { [FleetLabels.Managed] = "true" } };
        if (resourceVersion is not null)
            metadata["resourceVersion"] = resourceVersion;
        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = metadata,
            ["type"] = "Opaque",
            ["data"] = new JsonObject
            {
                ["ca.crt"] = Encoded(certificates.Authorities),
                ["ca.key"] = Encoded(certificates.AuthorityKey),
                ["tls.crt"] = Encoded(certificates.Serving),
                ["tls.key"] = Encoded(certificates.ServingKey),
            },
        };
    }

    private static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Value(DynamicObject secret, string key)
    {
        var encoded = (string?)secret.At("data", key) ?? "";
        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }
}
