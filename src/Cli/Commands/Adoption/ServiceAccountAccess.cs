using System.Text;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Cli.Commands.Adoption;

/// <summary>
/// A service account for Fleet in a cluster that it adopts. Kubeconfigs of people often start a program or end within hours; the token of a Secret of type
/// <c>kubernetes.io/service-account-token</c> works anywhere and as long as that Secret exists.
/// </summary>
internal static class ServiceAccountAccess
{
    public const string Account = "kube-system/fleet-manager";

    private static readonly ObjectKey Key = new("kube-system", "fleet-manager");

    private static readonly ObjectKey Token = Key with { Name = Key.Name + "-token" };

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Makes what is missing, and answers with a kubeconfig. Waits for the token until cancelled: a controller of the cluster writes it.</summary>
    public static async Task<string> CreateAsync(IKubernetesClient client, ClusterEndpoint endpoint, CancellationToken ct)
    {
        foreach (var manifest in Manifests())
        {
            var kind = await client.FindKindAsync(GroupVersionKind.Parse((string)manifest["apiVersion"]!, (string)manifest["kind"]!), ct)
                ?? throw new KubeApiException(404, "NotFound", $"the server has no {manifest["kind"]}");
            await client.Dynamic(kind).ApplyAsync(manifest, new("fleet-cli"), ct);
        }
        var secrets = (await client.FindKindAsync(new("", "v1", "Secret"), ct))!;
        while (true)
        {
            if (await client.Dynamic(secrets).GetAsync(Token, ct) is { } secret && (string?)secret.At("data", "token") is { Length: > 0 } token)
                return Kubeconfig(endpoint, Encoding.UTF8.GetString(Convert.FromBase64String(token)), (string?)secret.At("data", "ca.crt"));
            await Task.Delay(Interval, TimeProvider.System, ct);
        }
    }

    /// <param name="authority">The Secret's, in base64: used when the caller trusted the server blindly, which Fleet does not.</param>
    private static string Kubeconfig(ClusterEndpoint endpoint, string token, string? authority)
    {
        var cluster = new JsonObject { ["server"] = endpoint.Server.AbsoluteUri.TrimEnd('/') };
        if (endpoint.CertificateAuthorityPem is { } pem)
            cluster["certificate-authority-data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(pem));
        else if (endpoint.InsecureSkipTlsVerify)
            cluster["certificate-authority-data"] = authority;
        if (endpoint.TlsServerName is { } name)
            cluster["tls-server-name"] = name;
        if (endpoint.Proxy is { } proxy)
            cluster["proxy-url"] = proxy.AbsoluteUri;
        return KubernetesYaml.Write(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["current-context"] = "fleet",
            ["clusters"] = new JsonArray(new JsonObject { ["name"] = "fleet", ["cluster"] = cluster }),
            ["users"] = new JsonArray(new JsonObject { ["name"] = "fleet", ["user"] = new JsonObject { ["token"] = token } }),
            ["contexts"] = new JsonArray(new JsonObject { ["name"] = "fleet", ["context"] = new JsonObject { ["cluster"] = "fleet", ["user"] = "fleet" } }),
        });
    }

    private static IEnumerable<JsonObject> Manifests() => KubernetesYaml.ReadAll($$"""
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: {{Key.Name}}, namespace: {{Key.Namespace}}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: {{Key.Name}}}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
        subjects: [{kind: ServiceAccount, name: {{Key.Name}}, namespace: {{Key.Namespace}}}]
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: {{Token.Name}}, namespace: {{Token.Namespace}}, annotations: {kubernetes.io/service-account.name: {{Key.Name}} } }
        type: kubernetes.io/service-account-token
        """);
}
