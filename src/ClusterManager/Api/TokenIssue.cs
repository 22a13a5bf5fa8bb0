using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Api;
using Fleet.Control.Access;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Rest;
using Fleet.Rest.Problems;

namespace Fleet.ClusterManager.Api;

/// <summary>
/// A ServiceAccount of the caller's own in the managed cluster, bound to a ClusterRole, and a token for it: so the cluster's own audit tells callers apart, and
/// deleting the ServiceAccount ends every token of it.
/// </summary>
internal sealed class TokenIssue(IKubernetesClient inside, ClusterEndpoint endpoint, ObjectKey cluster)
{
    private const string Namespace = "fleet-access";

    private const string UserAnnotation = "k0rdent.mirantis.com/issued-to";

    private static readonly ResourceKind Namespaces = new("", "v1", "Namespace", "namespaces", Namespaced: false);

    private static readonly ResourceKind Accounts = new("", "v1", "ServiceAccount", "serviceaccounts", Namespaced: true);

    private static readonly ResourceKind Roles = new("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", Namespaced: false);

    private static readonly ResourceKind Bindings = new("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", Namespaced: false);

    private static readonly ApplyOptions Apply = new(ObjectWrites.FieldManager) { Force = true };

    public async Task<KubeconfigView> IssueAsync(Caller caller, string role, int seconds, CancellationToken ct)
    {
        if (await inside.Dynamic(Roles).GetAsync(ObjectKey.Cluster(role), ct) is null)
            throw ProblemException.Invalid("role", $"{cluster} has no ClusterRole {role}");
        // Names of users may hold anything and be long; a ServiceAccount's may not.
        var name = $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(caller.Name)).AsSpan(0, 8))}-{AccountPart(role)}";
        await ApplyAsync(Namespaces, Metadata("", Namespace, null), [], ct);
        await ApplyAsync(Accounts, Metadata(Namespace, name, caller), [], ct);
        await ApplyAsync(Bindings, Metadata("", $"{Namespace}-{name}", caller), new()
        {
            ["roleRef"] = new JsonObject { ["apiGroup"] = Roles.Group, ["kind"] = Roles.Kind, ["name"] = role },
            ["subjects"] = new JsonArray(new JsonObject { ["kind"] = Accounts.Kind, ["namespace"] = Namespace, ["name"] = name }),
        }, ct);
        var answer = await inside.Dynamic(Accounts).CreateSubresourceAsync(
            new(Namespace, name),
            "token",
            new()
            {
                ["apiVersion"] = "authentication.k8s.io/v1",
                ["kind"] = "TokenRequest",
                ["spec"] = new JsonObject { ["expirationSeconds"] = seconds },
            },
            ct);
        var token = (string?)answer["status"]?["token"] ?? throw new ProblemException(ProblemKind.ManagedCluster, $"{cluster} gave no token");
        return new()
        {
            Kubeconfig = KubernetesYaml.Write(Kubeconfig(name, token)),
            Expires = DateTimeOffset.Parse((string?)answer["status"]?["expirationTimestamp"] ?? "", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            Subject = $"system:serviceaccount:{Namespace}:{name}",
            Role = role,
        };
    }

    /// <summary>Roles may have colons and capitals in their names; a short hash keeps two of them apart.</summary>
    private static string AccountPart(string role) =>
        role.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
            ? role
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(role)).AsSpan(0, 6));

    private static JsonObject Metadata(string @namespace, string name, Caller? caller)
    {
        var metadata = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [FleetLabels.Managed] = "true" } };
        if (@namespace.Length > 0)
            metadata["namespace"] = @namespace;
        if (caller is not null)
            metadata["annotations"] = new JsonObject { [UserAnnotation] = caller.Name };
        return metadata;
    }

    private Task ApplyAsync(ResourceKind kind, JsonObject metadata, JsonObject rest, CancellationToken ct)
    {
        rest["apiVersion"] = kind.ApiVersion;
        rest["kind"] = kind.Kind;
        rest["metadata"] = metadata;
        return inside.Dynamic(kind).ApplyAsync(rest, Apply, ct);
    }

    private JsonObject Kubeconfig(string user, string token)
    {
        var server = new JsonObject { ["server"] = endpoint.ToString() };
        if (endpoint.CertificateAuthorityPem is { } authority)
            server["certificate-authority-data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(authority));
        if (endpoint.TlsServerName is { } name)
            server["tls-server-name"] = name;
        if (endpoint.Proxy is { UserInfo: "" } proxy)
            server["proxy-url"] = proxy.AbsoluteUri;
        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["clusters"] = new JsonArray(new JsonObject { ["name"] = cluster.Name, ["cluster"] = server }),
            ["users"] = new JsonArray(new JsonObject { ["name"] = user, ["user"] = new JsonObject { ["token"] = token } }),
            ["contexts"] = new JsonArray(new JsonObject { ["name"] = cluster.Name, ["context"] = new JsonObject { ["cluster"] = cluster.Name, ["user"] = user } }),
            ["current-context"] = cluster.Name,
        };
    }
}
