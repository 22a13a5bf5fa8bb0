using System.Text;
using Fleet.Observability.Ingest.Wire;

namespace Fleet.Bench.Ingest;

/// <summary>Remote write requests as a Prometheus sends them: 2,000 samples of containers' metrics, a scrape every 15 seconds, compressed before anything is measured.</summary>
internal static class WriteBodies
{
    public const int SamplesPerRequest = 2000;

    /// <param name="series">Of one scrape, a multiple of 2,000.</param>
    public static IReadOnlyList<byte[]> Make(int series, int scrapes, DateTimeOffset first)
    {
        var bodies = new List<byte[]>();
        for (var scrape = 0; scrape < scrapes; scrape++)
        {
            var time = first.AddSeconds(15 * scrape).ToUnixTimeMilliseconds();
            for (var from = 0; from < series; from += SamplesPerRequest)
                bodies.Add(Request(from, time, scrape));
        }
        return bodies;
    }

    private static byte[] Request(int from, long time, int scrape)
    {
        using var message = new PooledBytes();
        var buffer = new byte[1024];
        for (var i = from; i < from + SamplesPerRequest; i++)
        {
            var size = Series(buffer, i, time, (i * 7.25) + scrape);
            var to = message.GetSpan(size + 8);
            message.Advance(ProtoFields.WriteBytes(to, 1, buffer.AsSpan(0, size)));
        }
        using var block = new PooledBytes();
        SnappyBlock.Encode(message.Span, block);
        return block.Span.ToArray();
    }

    private static int Series(Span<byte> to, int i, long time, double value)
    {
        var at = 0;
        at += Label(to[at..], "__name__", i % 2 == 0 ? "container_cpu_usage_seconds_total" : "container_memory_working_set_bytes");
        at += Label(to[at..], "container", "app");
        at += Label(to[at..], "image", "registry.example/team/app:1.2.3");
        at += Label(to[at..], "job", "kubelet");
        at += Label(to[at..], "namespace", $"team-{i % 40}");
        at += Label(to[at..], "node", $"node-{i % 30}");
        at += Label(to[at..], "pod", $"app-7c9f6d5b8-{i / 2:D6}");
        Span<byte> sample = stackalloc byte[32];
        var size = ProtoFields.WriteDouble(sample, 1, BitConverter.DoubleToUInt64Bits(value));
        size += ProtoFields.WriteInt64(sample[size..], 2, time);
        return at + ProtoFields.WriteBytes(to[at..], 2, sample[..size]);
    }

    private static int Label(Span<byte> to, string name, string value)
    {
        Span<byte> label = stackalloc byte[128];
        var size = ProtoFields.WriteBytes(label, 1, Encoding.UTF8.GetBytes(name));
        size += ProtoFields.WriteBytes(label[size..], 2, Encoding.UTF8.GetBytes(value));
        return ProtoFields.WriteBytes(to, 1, label[..size]);
    }
}
