using System.Text;
using Fleet.Observability.Ingest.RemoteWrite;
using Fleet.Observability.Ingest.Samples;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>A series that comes again goes a shorter way; what comes out is the same to the byte.</summary>
public sealed class KnownSeriesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 6, 0, 0, TimeSpan.Zero);
    private static readonly ClusterIdentity Cluster = new("team-a", "web", "uid-web");

    /// <summary>Names around those of the cluster's labels, those names themselves, and long ones.</summary>
    private static readonly string[] Names = ["a", "clus", "cluster", "clusterA", "clusterNamespace", "clusterNodes", "clusterUid", "clusterUie", "pod", "z", new('n', 300)];

    [Fact]
    public void What_is_known_is_written_as_the_first_time()
    {
        var random = new Random(20261122);
        var fast = 0;
        for (var round = 0; round < 3000; round++)
        {
            var message = Message(random);
            var active = new ActiveSeries(10_000, TimeSpan.FromHours(1));
            var (first, firstRefused, _) = Read(message, active);
            var (again, againRefused, known) = Read(message, active);
            var (fresh, _, _) = Read(message, new ActiveSeries(10_000, TimeSpan.FromHours(1)));
            Assert.Equal(first, again);
            Assert.Equal(first, fresh);
            Assert.Equal(firstRefused, againRefused);
            fast += known;
        }
        Assert.InRange(fast, 1000, int.MaxValue);
    }

    [Fact]
    public void A_label_that_says_more_than_name_and_value_does_not_go_on()
    {
        // The name comes twice; the last one counts, and with it the series is right.
        byte[] label = [0x0a, 7, .. "cluster"u8, 0x0a, 8, .. "__name__"u8, 0x12, 1, (byte)'m'];
        var message = Field(1, [.. Field(1, label), .. Sample(Now.ToUnixTimeMilliseconds())]);
        var active = new ActiveSeries(10, TimeSpan.FromHours(1));
        for (var i = 0; i < 2; i++)
            Assert.DoesNotContain("\u0007cluster\n", Encoding.Latin1.GetString(Read(message, active).Body), StringComparison.Ordinal);
    }

    private static (byte[] Body, string Refused, int Known) Read(byte[] message, ActiveSeries active)
    {
        using var accepted = new AcceptedSamples(Cluster, new(), active, Now);
        var before = active.Count;
        WriteRequestV1.Read(message, accepted);
        return (accepted.Body.Span.ToArray(), accepted.Refusals.ToString(), active.Count == before ? accepted.Series : 0);
    }

    private static byte[] Message(Random random)
    {
        var all = new List<byte>();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var names = Names.Where(_ => random.Next(3) == 0).Append("__name__").Order(StringComparer.Ordinal).ToList();
            if (random.Next(20) == 0)
                names.Reverse();
            var series = new List<byte>();
            foreach (var name in names)
                series.AddRange(Field(1, [.. Field(1, Encoding.UTF8.GetBytes(name)), .. Field(2, Encoding.UTF8.GetBytes(random.Next(30) == 0 ? "" : $"v{random.Next(5)}"))]));
            for (var sample = random.Next(4); sample > 0; sample--)
                series.AddRange(Sample(Now.AddSeconds(random.Next(-5, 5) * 60 * (random.Next(10) == 0 ? 1000 : 1)).ToUnixTimeMilliseconds()));
            // A label behind a sample is allowed, an exemplar is, a field that nobody knows too.
            if (random.Next(10) == 0)
                series.AddRange(Field(1, [.. Field(1, "zz"u8.ToArray()), .. Field(2, "late"u8.ToArray())]));
            if (random.Next(10) == 0)
                series.AddRange(Field(3, []));
            if (random.Next(10) == 0)
                series.AddRange(Field(9, [1, 2, 3]));
            all.AddRange(Field(1, [.. series]));
        }
        return [.. all];
    }

    private static byte[] Sample(long time)
    {
        var varint = new List<byte>();
        for (var rest = (ulong)time; ; rest >>= 7)
        {
            varint.Add((byte)(rest < 0x80 ? rest : (rest & 0x7f) | 0x80));
            if (rest < 0x80)
                break;
        }
        return Field(2, [0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x10, .. varint]);
    }

    private static byte[] Field(int number, byte[] content) =>
        content.Length < 0x80 ? [(byte)((number << 3) | 2), (byte)content.Length, .. content] : [(byte)((number << 3) | 2), (byte)(content.Length | 0x80), (byte)(content.Length >> 7), .. content];
}
