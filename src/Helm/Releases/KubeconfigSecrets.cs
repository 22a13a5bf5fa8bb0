using System.Text.Json.Nodes;
using Fleet.Helm.Errors;
using Fleet.Helm.Values;

namespace Fleet.Helm.Releases;

/// <summary>Checks a kubeconfig before helm reads it, and finds what must not appear in messages.</summary>
internal static class KubeconfigSecrets
{
    private static readonly string[] SecretFields = ["token", "password", "client-key-data"];

    // A kubeconfig comes from a Secret that a tenant may have written. These fields would run a program or read a file of our own host.
    private static readonly string[] HostFields = ["exec", "auth-provider", "tokenFile", "client-certificate", "client-key"];

    public static IReadOnlyList<string> Check(ClusterAccess cluster)
    {
        JsonObject config;
        try
        {
            config = YamlValues.ParseObject(cluster.Kubeconfig);
        }
        catch (FormatException)
        {
            // Its text is secret, so not even the parser's message is passed on.
            throw new HelmException(HelmErrorKind.ClusterUnreachable, "The kubeconfig is not valid YAML.");
        }

        var secrets = new List<string>();
        foreach (var user in Entries(config, "users", "user"))
        {
            if (!cluster.IsTrusted && HostFields.FirstOrDefault(f => user[f] is not null) is { } field)
                throw new HelmException(HelmErrorKind.ClusterUnreachable,
                    $"The kubeconfig uses \"{field}\", which would act on Fleet's own host. Use token, client-certificate-data or client-key-data.");
            foreach (var name in SecretFields)
                if (user[name] is JsonValue value && value.TryGetValue<string>(out var text)) secrets.Add(text);
        }
        if (!cluster.IsTrusted && Entries(config, "clusters", "cluster").Any(c => c["certificate-authority"] is not null))
            throw new HelmException(HelmErrorKind.ClusterUnreachable,
                "The kubeconfig uses \"certificate-authority\", a file of Fleet's own host. Use certificate-authority-data.");
        return secrets;
    }

    private static IEnumerable<JsonObject> Entries(JsonObject config, string list, string entry) =>
        config[list] is JsonArray items ? items.OfType<JsonObject>().Select(i => i[entry]).OfType<JsonObject>() : [];
}
