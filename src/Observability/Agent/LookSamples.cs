using System.Text;
using Fleet.Observability.Collection;
using Fleet.Observability.Ingest.Wire;
using Fleet.Observability.Objects;

namespace Fleet.Observability.Agent;

/// <summary>
/// A look as samples, named as kubelets and kube-state-metrics name them, so that dashboards for those work: what was counted where kubelets told it, and what pods and nodes say of themselves. Pure.
/// </summary>
internal static class LookSamples
{
    private const string Job = "fleet-agent";

    /// <summary>Of one request: Fleet takes more, and a request should not be large.</summary>
    private const int MostSeries = 10_000;

    /// <returns>WriteRequests, and how many samples each holds.</returns>
    public static IEnumerable<(ReadOnlyMemory<byte> Message, int Samples)> Of(SeenLook look, DateTimeOffset time)
    {
        foreach (var chunk in All(look).Chunk(MostSeries))
        {
            using var message = new PooledBytes();
            foreach (var (name, value, labels) in chunk)
                Write(message, name, value, labels, time.ToUnixTimeMilliseconds());
            yield return (message.Span.ToArray(), chunk.Length);
        }
    }

    /// <summary>Labels in the order of their names, those that every series has (<c>__name__</c>, <c>job</c>) left out.</summary>
    internal static IEnumerable<(string Name, double Value, (string Name, string Value)[] Labels)> All(SeenLook look)
    {
        var nodes = look.Seen.Nodes.ToDictionary(node => node.Uid, StringComparer.Ordinal);
        var pods = look.Seen.Pods.ToDictionary(pod => pod.Uid, StringComparer.Ordinal);
        foreach (var (key, reading) in look.Told.Counters)
        {
            if (pods.TryGetValue(key.Object, out var pod))
            {
                if (key is { Amount: CountedAmount.CpuSeconds, Container.Length: > 0 })
                    yield return ("container_cpu_usage_seconds_total", reading.Value, Of(pod, key.Container));
                else if (key.Amount != CountedAmount.CpuSeconds)
                    yield return (key.Amount == CountedAmount.BytesReceived ? "container_network_receive_bytes_total" : "container_network_transmit_bytes_total", reading.Value, Of(pod));
            }
            else if (key is { Amount: CountedAmount.CpuSeconds, Container: "" } && nodes.TryGetValue(key.Object, out var node))
            {
                yield return ("node_cpu_usage_seconds_total", reading.Value, [("node", node.Name)]);
            }
        }
        foreach (var (key, bytes) in look.Told.WorkingSets)
        {
            if (key.Container.Length > 0 && pods.TryGetValue(key.Object, out var pod))
                yield return ("container_memory_working_set_bytes", bytes, Of(pod, key.Container));
            else if (key.Container.Length == 0 && nodes.TryGetValue(key.Object, out var node))
                yield return ("node_memory_working_set_bytes", bytes, [("node", node.Name)]);
        }
        foreach (var (key, usage) in look.Usage)
            if (pods.TryGetValue(key.PodUid, out var pod) && !look.Told.WorkingSets.ContainsKey((key.PodUid, key.Container)))
            {
                yield return ("container_memory_working_set_bytes", usage.RamBytes, Of(pod, key.Container));
                yield return ("fleet_container_cpu_usage_cores", usage.Cores, Of(pod, key.Container));
            }
        foreach (var (claim, bytes) in look.Told.VolumesUsed)
            yield return ("kubelet_volume_stats_used_bytes", bytes, [("namespace", claim.Namespace), ("persistentvolumeclaim", claim.Name)]);
        foreach (var one in look.Seen.Nodes.SelectMany(OfNode).Concat(look.Seen.Pods.SelectMany(OfPod)))
            yield return one;
        foreach (var volume in look.Seen.Volumes)
            yield return ("kube_persistentvolume_capacity_bytes", volume.Bytes, [("persistentvolume", volume.Name)]);
    }

    private static IEnumerable<(string, double, (string, string)[])> OfNode(NodeRow node)
    {
        yield return ("kube_node_status_capacity", node.Cores, [("node", node.Name), ("resource", "cpu"), ("unit", "core")]);
        yield return ("kube_node_status_capacity", node.RamBytes, [("node", node.Name), ("resource", "memory"), ("unit", "byte")]);
        yield return ("kube_node_status_condition", node.IsReady ? 1 : 0, [("condition", "Ready"), ("node", node.Name), ("status", "true")]);
    }

    private static IEnumerable<(string, double, (string, string)[])> OfPod(PodRow pod)
    {
        foreach (var container in pod.Containers)
        {
            yield return ("kube_pod_container_resource_requests", container.CpuRequest, [.. Of(pod, container.Name), ("resource", "cpu"), ("unit", "core")]);
            yield return ("kube_pod_container_resource_requests", container.RamRequest, [.. Of(pod, container.Name), ("resource", "memory"), ("unit", "byte")]);
            yield return ("kube_pod_container_status_restarts_total", container.Restarts, Of(pod, container.Name));
        }
    }

    private static (string, string)[] Of(PodRow pod, string container) => [("container", container), .. Of(pod)];

    private static (string, string)[] Of(PodRow pod) => [("namespace", pod.Key.Namespace), ("node", pod.Node), ("pod", pod.Key.Name)];

    private static void Write(PooledBytes message, string name, double value, (string Name, string Value)[] labels, long time)
    {
        using var series = new PooledBytes();
        Label(series, "__name__", name);
        var isJobWritten = false;
        // An empty label is none; a request with one would be refused.
        foreach (var (label, text) in labels.Where(label => label.Value.Length > 0))
        {
            if (!isJobWritten && string.CompareOrdinal(label, "job") > 0)
            {
                Label(series, "job", Job);
                isJobWritten = true;
            }
            Label(series, label, text);
        }
        if (!isJobWritten)
            Label(series, "job", Job);
        Span<byte> sample = stackalloc byte[32];
        var size = ProtoFields.WriteDouble(sample, 1, BitConverter.DoubleToUInt64Bits(value));
        size += ProtoFields.WriteInt64(sample[size..], 2, time);
        series.Advance(ProtoFields.WriteBytes(series.GetSpan(size + 8), 2, sample[..size]));
        message.Advance(ProtoFields.WriteBytes(message.GetSpan(ProtoFields.SizeOfBytes(series.Length)), 1, series.Span));
    }

    private static void Label(PooledBytes to, string name, string value)
    {
        var (first, second) = (Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        var size = ProtoFields.SizeOfBytes(first.Length) + ProtoFields.SizeOfBytes(second.Length);
        var span = to.GetSpan(ProtoFields.SizeOfBytes(size));
        var at = ProtoFields.WriteHead(span, 1, size);
        at += ProtoFields.WriteBytes(span[at..], 1, first);
        to.Advance(at + ProtoFields.WriteBytes(span[at..], 2, second));
    }
}
