using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Connections;

/// <summary>Asks an API server for its version: the cheapest call that proves that it answers and takes the credentials.</summary>
internal static class ApiServerVersion
{
    /// <summary>Failures are results; only cancellation by the caller throws.</summary>
    public static async Task<ProbeResult> AskAsync(IKubernetesClient client, TimeSpan timeout, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(timeout);
        try
        {
            using var response = await client.GetRawAsync("version", limit.Token);
            var version = JsonNode.Parse(await response.Content.ReadAsStringAsync(limit.Token));
            return (string?)version?["gitVersion"] is { Length: > 0 } text ? new(text, null) : new(null, "the server tells no version");
        }
        catch (KubeApiException e)
        {
            return e.IsUnauthorized || e.IsForbidden
                ? new(null, $"the API server refuses the credentials: {e.Message}", Refused: true)
                : new(null, e.Message);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new(null, "what answers is no API server");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new(null, $"the answer was cut off: {e.Message}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(null, $"no answer within {timeout.TotalSeconds:0} s");
        }
    }
}
