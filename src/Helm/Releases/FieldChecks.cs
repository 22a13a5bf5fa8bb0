using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Helm.Versions;
using Fleet.Kubernetes.Resources;

namespace Fleet.Helm.Releases;

/// <summary>
/// Whether an API server checks the fields of objects by itself. Helm checks them only where it does not, and to find that out reads the server's OpenAPI of
/// every group in the release, twice: 40 % of an upgrade's CPU. The version says the same.
/// </summary>
public sealed class FieldChecks(IKubernetesClient client)
{
    /// <summary>Where it is no longer a feature that can be switched off.</summary>
    private static readonly SemanticVersion Since = SemanticVersion.Of(1, 27, 0);

    private volatile bool known;

    /// <summary>False when it is not known, so that helm looks itself. API servers are not set back, so a yes is remembered.</summary>
    public async Task<bool> AreOfServerAsync(CancellationToken ct)
    {
        if (known)
            return true;
        try
        {
            using var response = await client.GetRawAsync("version", ct);
            var version = JsonNode.Parse(await response.Content.ReadAsStringAsync(ct)) as JsonObject;
            return known = (string?)version?["gitVersion"] is { } text && SemanticVersion.TryParse(text) is { } found && found.CompareTo(Since) >= 0;
        }
        catch (Exception e) when (e is KubeApiException or JsonException or InvalidOperationException or HttpRequestException or IOException)
        {
            return false;
        }
    }
}
