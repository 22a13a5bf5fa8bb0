using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.ControlPlane.Authentication;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>
/// The Secrets that a control plane provider makes: <c>&lt;cluster&gt;-kubeconfig</c> and <c>&lt;cluster&gt;-ca</c>, for kubeadm also <c>-etcd</c>, <c>-proxy</c> and
/// <c>-sa</c>. What lies there already (a user may bring his own) is kept.
/// </summary>
internal static partial class ClusterSecrets
{
    /// <summary>The contract: client certificates in kubeconfigs are made anew in good time; they are good for a year here.</summary>
    private static readonly TimeSpan RenewAfter = TimeSpan.FromDays(182);

    public static async ValueTask EnsureAsync(ManagementScope scope, JsonObject cluster, JsonObject owner, CancellationToken ct)
    {
        var key = new ObjectKey(cluster.NamespaceOf(), $"{cluster.NameOf()}-kubeconfig");
        var present = scope.Api.Get(CoreKinds.Secret, key);
        // Signing is dear, so a present one is checked once per process and day: the server may listen elsewhere since, the certificate grow old.
        if (present is not null && !scope.FirstLookToday(present.Uid()))
            return;
        await EnsureAuthoritiesAsync(scope, cluster, owner, ct);
        var workload = scope.Names.Of(cluster.KeyOf());
        if (present is null)
        {
            await scope.EnsureAsync(CoreKinds.Secret, Make(key, cluster, owner, new() { ["value"] = Encode(scope.Registry.AdminKubeconfig(workload)) }), ct);
            return;
        }
        var kubeconfig = scope.Registry.AdminKubeconfig(workload);
        var seen = present.Text("data", "value") is { } data ? Encoding.UTF8.GetString(Convert.FromBase64String(data)) : "";
        if (Address(seen) != Address(kubeconfig) || IsOld(seen, scope.Now))
            await scope.ChangeAsync(CoreKinds.Secret, key, s => s.Ensure("data").Put("value", Encode(kubeconfig)), ct);
    }

    private static async ValueTask EnsureAuthoritiesAsync(ManagementScope scope, JsonObject cluster, JsonObject owner, CancellationToken ct)
    {
        var names = owner.Text("kind") == "KubeadmControlPlane" ? new[] { "ca", "etcd", "proxy", "sa" } : ["ca"];
        foreach (var name in names)
        {
            var key = new ObjectKey(cluster.NamespaceOf(), $"{cluster.NameOf()}-{name}");
            var present = scope.Api.Get(CoreKinds.Secret, key);
            if (present is null)
                await scope.EnsureAsync(CoreKinds.Secret, Make(key, cluster, owner, MakePair(name, scope.Now)), ct);
            else if (present.Text("data", "tls.key") is "" && present.IsControlledBy(owner))
                // Fleet 0.1 left the key out.
                await scope.ChangeAsync(CoreKinds.Secret, key, s => s.Put("data", MakePair(name, scope.Now)), ct);
        }
        var authority = scope.Api.Get(CoreKinds.Secret, new(cluster.NamespaceOf(), $"{cluster.NameOf()}-ca"))?.Text("data", "tls.crt");
        if (scope.Clusters.Find(scope.Names.Of(cluster.KeyOf())) is { } api)
            api.ClientAuthority = Readable(authority);
    }

    private static JsonObject MakePair(string name, DateTimeOffset now)
    {
        var (certificate, key) = name == "sa" ? ClusterAuthority.MakeKeyPair() : ClusterAuthority.Make(name switch
        {
            "etcd" => "etcd-ca",
            "proxy" => "front-proxy-ca",
            _ => "kubernetes",
        }, now);
        return new() { ["tls.crt"] = Encode(certificate), ["tls.key"] = Encode(key) };
    }

    private static JsonObject Make(ObjectKey key, JsonObject cluster, JsonObject owner, JsonObject data) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["type"] = CapiNames.SecretType,
        ["metadata"] = new JsonObject
        {
            ["name"] = key.Name,
            ["namespace"] = key.Namespace,
            ["labels"] = new JsonObject { [CapiNames.ClusterLabel] = cluster.NameOf() },
            ["ownerReferences"] = new JsonArray(Ownership.ReferenceTo(owner)),
        },
        ["data"] = data,
    };

    /// <summary>Null for what is no certificate: it is a user's Secret, and authentication must not fail over it.</summary>
    private static string? Readable(string? data)
    {
        if (string.IsNullOrEmpty(data))
            return null;
        try
        {
            var pem = Encoding.UTF8.GetString(Convert.FromBase64String(data));
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return certificate.ExportCertificatePem();
        }
        catch (Exception unreadable) when (unreadable is FormatException or CryptographicException)
        {
            return null;
        }
    }

    private static bool IsOld(string kubeconfig, DateTimeOffset now)
    {
        if (ClientCertificate().Match(kubeconfig) is not { Success: true } found || Readable(found.Groups[1].Value) is not { } pem)
            return false;
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return certificate.NotBefore.ToUniversalTime() + RenewAfter < now.UtcDateTime;
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Address(string kubeconfig) => Server().Match(kubeconfig).Value;

    [GeneratedRegex("client-certificate-data:\\s*\"?([A-Za-z0-9+/=]+)")]
    private static partial Regex ClientCertificate();

    [GeneratedRegex("server:\\s*\\S+")]
    private static partial Regex Server();
}
