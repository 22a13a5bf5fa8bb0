using System.Text.Json;
using Fleet.Bench.Runner;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;

namespace Fleet.Bench.Client;

/// <summary>
/// Decodes a LIST of 10,000 pods of 4 KiB into typed objects, as the client does with the bytes of a page, beside <see cref="JsonDocument.Parse(ReadOnlyMemory{byte}, JsonDocumentOptions)"/>
/// on the same bytes, in turn and in the same process. Medians of CPU time of the whole process, so that work of the garbage collector counts.
/// </summary>
internal sealed class ListDecode : IBenchmark
{
    private const int Pods = 10_000;
    private const int Rounds = 9;

    public string Name => "client-list-decode";

    public Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        var json = PodListSample.Make(Pods);
        var codec = new TypedCodec<Pod>(CoreTypes.Pods);
        List<double> typed = [], projected = [], document = [];
        double typedBytes = 0, projectedBytes = 0;
        // The first rounds warm up: tiered compilation replaces the code of both sides while they run.
        for (var round = -4; round < Rounds; round++)
        {
            ct.ThrowIfCancellationRequested();
            var (documentCpu, _) = Measure(() =>
            {
                using var parsed = JsonDocument.Parse(json);
                return parsed.RootElement.ValueKind == JsonValueKind.Object ? Pods : 0;
            });
            var (typedCpu, allocated) = Measure(() =>
            {
                var items = new List<Pod>();
                ListPage.Read(json, codec, static p => p, items);
                return items.Count;
            });
            var (projectedCpu, small) = Measure(() =>
            {
                var items = new List<(string?, string?)>();
                ListPage.Read(json, codec, static p => (p.Metadata.Name, p.Status?.Phase), items);
                return items.Count;
            });
            if (round < 0)
                continue;
            document.Add(documentCpu);
            typed.Add(typedCpu);
            projected.Add(projectedCpu);
            (typedBytes, projectedBytes) = (allocated, small);
        }

        var baseline = Median(document);
        return Task.FromResult<IReadOnlyList<BenchResult>>(
        [
            new("client-list-decode-cpu", Median(typed), "ms", baseline, Median(typed) / baseline, "ratio <= 2", Median(typed) / baseline <= 2),
            new("client-list-decode-allocated", typedBytes / 1024, "KiB", json.Length / 1024.0, typedBytes / json.Length, "ratio <= 3", typedBytes / json.Length <= 3),
            new("client-list-project-cpu", Median(projected), "ms", baseline, Median(projected) / baseline, "ratio <= 2", Median(projected) / baseline <= 2),
            new("client-list-project-allocated", projectedBytes / 1024, "KiB", json.Length / 1024.0, projectedBytes / json.Length, "ratio <= 3", projectedBytes / json.Length <= 3),
        ]);
    }

    private static (double Milliseconds, long Bytes) Measure(Func<int> work)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Environment.CpuUsage.TotalTime;
        var count = work();
        var used = Environment.CpuUsage.TotalTime - cpu;
        if (count != Pods)
            throw new InvalidOperationException($"decoded {count} pods instead of {Pods}");
        return (used.TotalMilliseconds, GC.GetTotalAllocatedBytes(precise: true) - bytes);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
