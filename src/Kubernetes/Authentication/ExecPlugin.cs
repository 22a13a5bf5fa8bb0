using System.Text;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Configuration;

namespace Fleet.Kubernetes.Authentication;

/// <summary>The <c>exec</c> section of a kubeconfig user, checked.</summary>
internal sealed record ExecPlugin
{
    private static readonly string[] Versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

    internal required string Command { get; init; }
    internal required string ApiVersion { get; init; }
    internal required string Where { get; init; }
    internal IReadOnlyList<string> Arguments { get; init; } = [];
    internal IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];
    internal string? InstallHint { get; init; }
    internal bool NeedsTerminal { get; init; }
    internal JsonObject? Cluster { get; init; }

    internal static ExecPlugin Read(KubeConfigEntry user, JsonObject exec, KubeConfigEntry cluster, Uri server, string? authority)
    {
        var version = TextOf(user, exec, "apiVersion") ?? "";
        if (!Versions.Contains(version))
            throw user.Problem("exec.apiVersion", $"must be {string.Join(" or ", Versions)}");
        var command = TextOf(user, exec, "command") is { Length: > 0 } given ? given : throw user.Problem("exec.command", "is missing");
        // As kubectl: a bare name is looked up in PATH, anything with a separator counts from the kubeconfig's folder.
        if (command.Contains('/', StringComparison.Ordinal) && !Path.IsPathRooted(command) && user.Folder is { } folder)
            command = Path.GetFullPath(Path.Combine(folder, command));
        var mode = TextOf(user, exec, "interactiveMode");
        if (mode is null && version.EndsWith("/v1", StringComparison.Ordinal))
            throw user.Problem("exec.interactiveMode", "is missing; v1 asks for Never, IfAvailable or Always");
        if (mode is not (null or "Never" or "IfAvailable" or "Always"))
            throw user.Problem("exec.interactiveMode", "must be Never, IfAvailable or Always");
        return new()
        {
            Command = command,
            ApiVersion = version,
            Where = user.Problem("exec", "").Message.TrimEnd(),
            Arguments = [.. ListOf(user, exec, "args").Select(a => (a as JsonValue)?.TryGetValue<string>(out var text) == true ? text : throw user.Problem("exec.args", "must be strings"))],
            Environment =
            [
                .. ListOf(user, exec, "env").Select(e => e is JsonObject pair && TextOf(user, pair, "name") is { Length: > 0 } name
                    ? KeyValuePair.Create(name, TextOf(user, pair, "value") ?? "")
                    : throw user.Problem("exec.env", "must be a list of name and value")),
            ],
            InstallHint = TextOf(user, exec, "installHint"),
            NeedsTerminal = mode == "Always",
            Cluster = exec["provideClusterInfo"] is JsonValue provide && provide.TryGetValue<bool>(out var wanted) && wanted ? ClusterInfo(cluster, server, authority) : null,
        };
    }

    private static JsonObject ClusterInfo(KubeConfigEntry cluster, Uri server, string? authority)
    {
        var info = new JsonObject { ["server"] = server.OriginalString };
        if (authority is not null)
            info["certificate-authority-data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(authority));
        foreach (var field in new[] { "tls-server-name", "proxy-url" })
        {
            if (cluster.Text(field) is { Length: > 0 } value)
                info[field] = value;
        }

        if (cluster.Flag("insecure-skip-tls-verify"))
            info["insecure-skip-tls-verify"] = true;
        var extension = (cluster.Fields["extensions"] as JsonArray)?
            .FirstOrDefault(e => (e as JsonObject)?["name"]?.ToJsonString() == "\"client.authentication.k8s.io/exec\"")?["extension"];
        if (extension is not null)
            info["config"] = extension.DeepClone();
        return info;
    }

    private static string? TextOf(KubeConfigEntry user, JsonObject map, string field) => map[field] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => throw user.Problem($"exec.{field}", "must be a string"),
    };

    private static JsonArray ListOf(KubeConfigEntry user, JsonObject map, string field) => map[field] switch
    {
        null => [],
        JsonArray list => list,
        _ => throw user.Problem($"exec.{field}", "must be a list"),
    };
}
