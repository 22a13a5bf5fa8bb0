using System.Text.Json;

namespace Fleet.Observability.Collection;

/// <summary>Reads a kubelet's <c>/stats/summary</c>. What is of another form than expected is left out and counted; what is no JSON gives null. Pure.</summary>
internal static class StatsSummaryParser
{
    /// <summary>A node has 110 pods, some are made for 1,000.</summary>
    private const int MostPods = 5_000;

    private const int MostParts = 100;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    public static KubeletSummary? Parse(ReadOnlyMemory<byte> body, ExpositionLimits? limits = null)
    {
        if (body.Length > (limits ?? ExpositionLimits.Default).MostBytes)
            return null;
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            var root = document.RootElement;
            return Child(root, "node") is { } node && Text(node, "nodeName") is { Length: > 0 } name ? new Reading().Of(name, node, root) : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperation: a text with half a surrogate pair.
            return null;
        }
    }

    private sealed class Reading
    {
        private int malformed;
        private bool cutOff;

        public KubeletSummary Of(string name, JsonElement node, JsonElement root)
        {
            var pods = new List<SummaryPod>();
            foreach (var pod in Items(root, "pods", MostPods))
            {
                if (Child(pod, "podRef") is { } podRef && Text(podRef, "uid") is { Length: > 0 } uid
                    && Text(podRef, "namespace") is { Length: > 0 } space && Text(podRef, "name") is { Length: > 0 } podName)
                    pods.Add(new(uid, space, podName, Figures(pod), Containers(pod), Volumes(pod)));
                else
                    malformed++;
            }
            return new() { Node = name, Used = Figures(node), Pods = pods, Malformed = malformed, CutOff = cutOff };
        }

        private List<SummaryContainer> Containers(JsonElement pod)
        {
            var containers = new List<SummaryContainer>();
            foreach (var container in Items(pod, "containers", MostParts))
            {
                if (Text(container, "name") is { Length: > 0 } name)
                    containers.Add(new(name, Figures(container)));
                else
                    malformed++;
            }
            return containers;
        }

        private List<SummaryVolume> Volumes(JsonElement pod)
        {
            var volumes = new List<SummaryVolume>();
            foreach (var volume in Items(pod, "volume", MostParts))
            {
                // Only claims have a price of their own.
                if (Child(volume, "pvcRef") is not { } claim)
                    continue;
                if (Text(claim, "namespace") is { Length: > 0 } space && Text(claim, "name") is { Length: > 0 } name
                    && Amount(volume, "capacityBytes") is { } capacity && Amount(volume, "usedBytes") is { } used)
                    volumes.Add(new(space, name, capacity, used));
                else
                    malformed++;
            }
            return volumes;
        }

        private IEnumerable<JsonElement> Items(JsonElement of, string name, int most)
        {
            if (of.ValueKind != JsonValueKind.Object || !of.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null)
                yield break;
            if (list.ValueKind != JsonValueKind.Array)
            {
                malformed++;
                yield break;
            }
            var count = 0;
            foreach (var item in list.EnumerateArray())
            {
                if (++count > most)
                {
                    cutOff = true;
                    yield break;
                }
                yield return item;
            }
        }
    }

    private static SummaryFigures Figures(JsonElement of)
    {
        var (cpu, memory, network) = (Child(of, "cpu"), Child(of, "memory"), Child(of, "network"));
        return new(
            Time(of, "startTime"),
            cpu is { } c && Time(c, "time") is { } measured ? measured : memory is { } m ? Time(m, "time") : null,
            Amount(cpu, "usageCoreNanoSeconds") / 1e9,
            Amount(cpu, "usageNanoCores") / 1e9,
            Amount(memory, "workingSetBytes"),
            Amount(network, "rxBytes"),
            Amount(network, "txBytes"));
    }

    private static JsonElement? Child(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.Object ? child : null;

    private static string? Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static DateTimeOffset? Time(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String
            && text.TryGetDateTimeOffset(out var time) && time > DateTimeOffset.UnixEpoch ? time : null;

    private static double? Amount(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number
            && number.TryGetDouble(out var amount) && double.IsFinite(amount) && amount >= 0 ? amount : null;
}
