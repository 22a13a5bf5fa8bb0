using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Connections;

/// <summary>One call of <c>/version</c>, over a connection of its own. Kubeconfigs come from users: they may start no programs and read no files.</summary>
internal sealed class ClusterProbe(ClusterManagerOptions options, TimeProvider clock) : IClusterProbe
{
    public async Task<ProbeResult> ProbeAsync(string kubeconfig, CancellationToken ct)
    {
        ClusterEndpoint endpoint;
        try
        {
            endpoint = KubeConfig.Parse(kubeconfig, "kubeconfig").Endpoint(new() { AllowExec = false, AllowFiles = false, Clock = clock });
        }
        catch (KubeConfigException e)
        {
            return new(null, e.Message, KubeconfigInvalid: true);
        }
        using var client = KubernetesClient.Create(endpoint, new() { Timeout = options.ProbeTimeout, ReadRetries = 0, Clock = clock });
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.ProbeTimeout);
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
        catch (JsonException)
        {
            return new(null, "what answers is no API server");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(null, $"no answer within {options.ProbeTimeout.TotalSeconds:0} s");
        }
    }
}
