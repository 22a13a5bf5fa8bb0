using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Observability.Metrics;

/// <summary>Asks a cluster's metrics-server what its containers use, and its API server for the time.</summary>
internal sealed partial class PodMetricsReader(TimeProvider clock)
{
    private const string Path = "/apis/metrics.k8s.io/v1beta1/pods";

    /// <summary>About 300 bytes each: a cluster of 5,000 nodes has at most 150,000 pods.</summary>
    private const int LargestAnswer = 64 * 1024 * 1024;

    /// <summary>Throws <see cref="KubeApiException"/> only when the API server itself does not answer.</summary>
    public async Task<PodMetricsReading> ReadAsync(IKubernetesClient cluster, CancellationToken ct)
    {
        try
        {
            using var response = await cluster.GetRawAsync(Path, ct);
            var offset = OffsetOf(response);
            await using var body = new BoundedStream(await response.Content.ReadAsStreamAsync(ct), LargestAnswer);
            var list = await JsonSerializer.DeserializeAsync(body, MetricsJson.Default.PodMetricsList, ct);
            return PodMetricsReading.Of(list?.Items ?? [], offset);
        }
        catch (KubeApiException e) when (e.Code != 0)
        {
            return await WithoutAsync(cluster, e.IsNotFound ? "the cluster has no metrics API (metrics-server)" : $"the metrics API says: {e.Message}", ct);
        }
        catch (JsonException)
        {
            // Its message may hold what the server sent.
            return await WithoutAsync(cluster, "the metrics API answers with something that is not a list of PodMetrics", ct);
        }
        catch (InvalidDataException e)
        {
            return await WithoutAsync(cluster, $"the metrics API: {e.Message}", ct);
        }
    }

    private async Task<PodMetricsReading> WithoutAsync(IKubernetesClient cluster, string problem, CancellationToken ct)
    {
        using var response = await cluster.GetRawAsync("/version", ct);
        return PodMetricsReading.None with { Problem = problem, ClockOffset = OffsetOf(response) };
    }

    /// <summary>To the second, as HTTP has it: enough to tell a clock that is wrong from one that is a little off.</summary>
    private TimeSpan OffsetOf(HttpResponseMessage response) => response.Headers.Date is { } told ? told - clock.GetUtcNow() : TimeSpan.Zero;

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(PodMetricsList))]
    private sealed partial class MetricsJson : JsonSerializerContext;
}

/// <summary>metrics.k8s.io/v1beta1 PodMetricsList, as far as it is read.</summary>
internal sealed class PodMetricsList
{
    public List<PodMetrics>? Items { get; set; }
}

internal sealed class PodMetrics
{
    public ObjectMeta? Metadata { get; set; }

    /// <summary>End of the window that was measured, by the clock of the pod's node.</summary>
    public DateTimeOffset Timestamp { get; set; }
    public List<ContainerMetrics>? Containers { get; set; }
}

internal sealed class ContainerMetrics
{
    public string? Name { get; set; }

    /// <summary>Quantities: <c>cpu</c> in cores, <c>memory</c> in bytes.</summary>
    public Dictionary<string, string>? Usage { get; set; }
}
