namespace Fleet.Observability.Collection;

/// <summary>Network from <c>/metrics/cadvisor</c>: a pod's counters are its interfaces' together. Most control groups tell the pod's uid themselves.</summary>
internal static class NetworkReadings
{
    private const string Received = "container_network_receive_bytes_total";
    private const string Sent = "container_network_transmit_bytes_total";

    /// <summary>The metrics to be read.</summary>
    public static IReadOnlySet<string> Wanted { get; } = new HashSet<string>(StringComparer.Ordinal) { Received, Sent };

    /// <inheritdoc cref="ResourceReadings.Of"/>
    public static KubeletReadings Of(Exposition read, string cluster, string node, PodDirectory pods, DateTimeOffset asked)
    {
        var sums = new Dictionary<SeriesKey, CounterReading>();
        var unknown = 0;
        foreach (var sample in read.Samples)
        {
            if (sample.Name is not (Received or Sent) || !(sample.Value >= 0) || double.IsInfinity(sample.Value))
                continue;
            if ((sample.Label("pod") is null && sample.Label("id") == "/" ? node : UidOf(sample, pods)) is not { } uid)
            {
                unknown++;
                continue;
            }
            var key = new SeriesKey(cluster, uid, "", sample.Name == Received ? CountedAmount.BytesReceived : CountedAmount.BytesSent);
            var time = sample.Time ?? asked;
            sums[key] = sums.TryGetValue(key, out var before) ? new(before.Value + sample.Value, time > before.Time ? time : before.Time) : new(sample.Value, time);
        }
        return new() { Counters = [.. sums.Select(s => (s.Key, s.Value))], Unknown = unknown };
    }

    private static string? UidOf(MetricSample sample, PodDirectory pods)
    {
        if (sample.Label("namespace") is not { } space || sample.Label("pod") is not { } pod)
            return null;
        return OfGroup(sample.Label("id")) is { } uid && pods.Has(uid) ? uid : pods.UidOf(space, pod, null);
    }

    /// <summary>systemd writes <c>…-pod&lt;uid with underscores&gt;.slice</c>, cgroupfs <c>/pod&lt;uid&gt;/</c>. Static pods have a hash there that no API server knows.</summary>
    internal static string? OfGroup(string? group)
    {
        const int Length = 36;
        for (var at = group?.LastIndexOf("pod", StringComparison.Ordinal) ?? -1; at >= 0; at = at == 0 ? -1 : group!.LastIndexOf("pod", at - 1, StringComparison.Ordinal))
        {
            var rest = group.AsSpan(at + 3);
            if (rest.Length >= Length && Guid.TryParseExact(rest[..Length].ToString().Replace('_', '-'), "D", out var uid))
                return uid.ToString();
        }
        return null;
    }
}
