using System.Text;
using System.Text.Json.Nodes;

namespace Fleet.Kubernetes.Configuration;

/// <summary>A kubeconfig of one context that works on any machine: what its files hold is put in place, and what would start a program is refused.</summary>
internal static class StandaloneKubeConfig
{
    private static readonly string[] ClusterFields = ["server", "tls-server-name", "insecure-skip-tls-verify", "proxy-url", "disable-compression"];

    private static readonly string[] UserFields = ["token", "username", "password", "as", "as-groups", "as-uid", "as-user-extra"];

    internal static JsonObject Create(KubeConfigEntry context, KubeConfigEntry cluster, KubeConfigEntry? user, KubeConfigOptions options)
    {
        // Checks every field, in the words that the same file would meet anywhere else.
        _ = KubeConfigEndpoint.Create(context, cluster, user, options with { AllowExec = true });
        var result = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["current-context"] = context.Name,
            ["clusters"] = Named(cluster.Name, "cluster", WithPem(Picked(cluster, ClusterFields), cluster, options, "certificate-authority")),
            ["contexts"] = Named(context.Name, "context", Context(context, cluster, user)),
        };
        if (user is not null)
            result["users"] = Named(user.Name, "user", User(user, options));
        return result;
    }

    private static JsonObject User(KubeConfigEntry user, KubeConfigOptions options)
    {
        if (user.Fields["exec"] is not null)
            throw user.Problem("exec", "starts a program, which works only where that program is installed");
        if (user.Text("tokenFile") is { Length: > 0 })
            throw user.Problem("tokenFile", "names a file that is renewed on this machine only");
        return WithPem(Picked(user, UserFields), user, options, "client-certificate", "client-key");
    }

    private static JsonObject Context(KubeConfigEntry context, KubeConfigEntry cluster, KubeConfigEntry? user)
    {
        var fields = new JsonObject { ["cluster"] = cluster.Name };
        if (user is not null)
            fields["user"] = user.Name;
        if (context.Text("namespace") is { Length: > 0 } @namespace)
            fields["namespace"] = @namespace;
        return fields;
    }

    private static JsonObject Picked(KubeConfigEntry entry, string[] fields) =>
        new(fields.Where(field => entry.Fields[field] is not null).Select(field => KeyValuePair.Create(field, entry.Fields[field]?.DeepClone())));

    private static JsonObject WithPem(JsonObject into, KubeConfigEntry entry, KubeConfigOptions options, params string[] fields)
    {
        foreach (var field in fields)
            if (entry.Pem(field, options) is { } pem)
                into[field + "-data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(pem));
        return into;
    }

    private static JsonArray Named(string name, string what, JsonObject fields) => [new JsonObject { ["name"] = name, [what] = fields }];
}
