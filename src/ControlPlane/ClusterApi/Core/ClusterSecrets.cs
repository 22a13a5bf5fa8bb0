using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>The Secrets that a control plane provider makes: <c>&lt;cluster&gt;-kubeconfig</c> and <c>&lt;cluster&gt;-ca</c>.</summary>
internal static partial class ClusterSecrets
{
    public static async ValueTask EnsureAsync(ManagementScope scope, JsonObject cluster, JsonObject owner, CancellationToken ct)
    {
        var key = new ObjectKey(cluster.NamespaceOf(), $"{cluster.NameOf()}-kubeconfig");
        var present = scope.Api.Get(CoreKinds.Secret, key);
        // Signing is dear, so a present one is checked once per process: the server may listen elsewhere since.
        if (present is not null && !scope.FirstLook(present.Uid()))
            return;
        var kubeconfig = scope.Registry.AdminKubeconfig(scope.Names.Of(cluster.KeyOf()));
        if (present is null)
        {
            await scope.EnsureAsync(CoreKinds.Secret, Make(key, cluster, owner, new() { ["value"] = Encode(kubeconfig) }), ct);
            var authority = Authority().Match(kubeconfig);
            // Without the key, as for a cluster whose authority is managed elsewhere: it is the server's, and it signs for all clusters.
            await scope.EnsureAsync(CoreKinds.Secret, Make(key with { Name = $"{cluster.NameOf()}-ca" }, cluster, owner,
                new() { ["tls.crt"] = authority.Success ? authority.Groups[1].Value : "", ["tls.key"] = "" }), ct);
            return;
        }
        if (present.Text("data", "value") is { } data && Address(Encoding.UTF8.GetString(Convert.FromBase64String(data))) == Address(kubeconfig))
            return;
        await scope.ChangeAsync(CoreKinds.Secret, key, s => s.Ensure("data").Put("value", Encode(kubeconfig)), ct);
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

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Address(string kubeconfig) => Server().Match(kubeconfig).Value;

    [GeneratedRegex("certificate-authority-data:\\s*\"?([A-Za-z0-9+/=]+)")]
    private static partial Regex Authority();

    [GeneratedRegex("server:\\s*\\S+")]
    private static partial Regex Server();
}
