using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Health.Rules;

namespace Fleet.StateManager.Compliance.Collection;

/// <summary>
/// Asks a cluster for the few groups that matter: one small request where it has none of them. Discovery as a whole would be dozens of them, at every connection to every
/// cluster of the fleet.
/// </summary>
internal static class ComplianceDiscovery
{
    public static async Task<IReadOnlyList<ResourceKind>> ReadAsync(IKubernetesClient client, CancellationToken ct)
    {
        var kinds = new List<ResourceKind>();
        foreach (var group in (await GetAsync(client, "apis", ct)).At("groups"))
        {
            var name = ObservedObject.TextOf(group["name"]);
            if (!ComplianceKinds.IsGroup(name))
                continue;
            var preferred = ObservedObject.TextOf(group["preferredVersion"]?["version"]);
            var versions = group.At("versions").Select(version => ObservedObject.TextOf(version["version"])).Where(version => version.Length > 0).OrderByDescending(version => version == preferred);
            var lists = new List<(string, JsonObject)>();
            foreach (var version in versions.ToList())
                lists.Add((version, await GetAsync(client, $"apis/{name}/{version}", ct)));
            kinds.AddRange(ComplianceKinds.Of(name, lists));
        }
        return kinds;
    }

    private static IEnumerable<JsonObject> At(this JsonObject node, string list) => (node[list] as JsonArray ?? []).OfType<JsonObject>();

    private static async Task<JsonObject> GetAsync(IKubernetesClient client, string path, CancellationToken ct)
    {
        using var response = await client.GetRawAsync(path, ct);
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        return await JsonNode.ParseAsync(body, cancellationToken: ct) as JsonObject ?? throw new KubeApiException(0, KubeApiException.UnreadableAnswer, $"{path} is no object");
    }
}
