namespace Fleet.Observability.Collection;

/// <summary>From <c>/stats/summary</c>, which has uids.</summary>
internal static class SummaryReadings
{
    /// <inheritdoc cref="ResourceReadings.Of"/>
    public static KubeletReadings Of(KubeletSummary read, string cluster, string node, DateTimeOffset asked)
    {
        var counters = new List<(SeriesKey, CounterReading)>();
        var memory = new Dictionary<(string, string), double>();
        Add(node, "", read.Used);
        foreach (var pod in read.Pods)
        {
            // Of the pod itself only what containers do not have: what they used together is their sum.
            Add(pod.Uid, "", pod.Used with { CpuSeconds = null, WorkingSetBytes = null });
            foreach (var container in pod.Containers)
                Add(pod.Uid, container.Name, container.Used);
        }
        return new() { Counters = counters, WorkingSets = memory };

        void Add(string uid, string container, SummaryFigures used)
        {
            Count(CountedAmount.CpuSeconds, used.CpuSeconds);
            Count(CountedAmount.BytesReceived, used.BytesReceived);
            Count(CountedAmount.BytesSent, used.BytesSent);
            if (used.WorkingSetBytes is { } bytes)
                memory[(uid, container)] = bytes;

            void Count(CountedAmount amount, double? value)
            {
                // A node says when its kubelet began to look, which its counters outlive.
                if (value is { } counted)
                    counters.Add((new(cluster, uid, container, amount), new(counted, used.Time ?? asked, uid == node ? null : used.Started)));
            }
        }
    }
}
