using System.Diagnostics.Metrics;
using System.Text;
using Fleet.Observability.Ingest;
using Fleet.Observability.Ingest.Queue;
using Fleet.Testing;
using Fleet.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>What is acknowledged is there again after whatever happened to the process or its files.</summary>
public sealed class IngestQueueTests : IDisposable
{
    private readonly TemporaryFolder folder = new("queue");
    private readonly MeterListener listener = new();
    private readonly Dictionary<string, long> lost = [];
    private readonly IngestMetrics metrics;

    public IngestQueueTests()
    {
        var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Scope == factory && instrument.Name == "fleet.ingest.queue.lost.samples")
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var cluster = (string)tags[0].Value!;
            lost[cluster] = lost.GetValueOrDefault(cluster) + value;
        });
        listener.Start();
        metrics = new IngestMetrics(factory);
    }

    public void Dispose()
    {
        listener.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Requests_come_out_in_order_once_and_over_restarts()
    {
        await using (var queue = Open())
        {
            for (var i = 0; i < 10; i++)
                await queue.AppendAsync(Request($"r{i}"));
            var batch = queue.Read(queue.Position, 4)!;
            Assert.Equal(["r0", "r1"], Texts(batch));
            queue.Acknowledge(batch.Next);
            Assert.Equal("r2", Texts(queue.Read(queue.Position, 1)!).Single());
        }
        await using (var queue = Open())
        {
            await queue.AppendAsync(Request("after"));
            Assert.Equal(["r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "after"], All(queue));
        }
        await using (var queue = Open())
        {
            for (var from = queue.Position; queue.Read(from, 1) is { } batch; from = batch.Next)
                queue.Acknowledge(batch.Next);
            Assert.Null(queue.Read(queue.Position, 1));
            Assert.Equal(0, queue.Waiting);
        }
        await using (var queue = Open())
            Assert.Empty(All(queue));
    }

    [Fact]
    public async Task Many_at_once_are_all_kept_and_share_the_flushes()
    {
        await using (var queue = Open(options => options with { MostPending = 500 }))
            await Task.WhenAll(Enumerable.Range(0, 500).Select(i => queue.AppendAsync(Request($"r{i:D3}"))));
        await using var again = Open();
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"r{i:D3}"), All(again));
    }

    [Fact]
    public async Task A_torn_end_is_cut_off_at_every_byte()
    {
        await using (var queue = Open())
        {
            await queue.AppendAsync(Request("one"));
            await queue.AppendAsync(Request("two"));
        }
        var file = Directory.GetFiles(folder.FullPath, "*.seg").Single();
        var whole = await File.ReadAllBytesAsync(file);
        var first = whole.Length / 2;
        for (var length = 0; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(file, whole[..length]);
            await using (var queue = Open())
            {
                Assert.Equal(length < first ? [] : ["one"], All(queue));
                await queue.AppendAsync(Request("new"));
            }
            await using (var queue = Open())
                Assert.Equal(length < first ? ["new"] : ["one", "new"], All(queue));
            foreach (var made in Directory.GetFiles(folder.FullPath, "*.seg"))
                File.Delete(made);
        }
    }

    [Fact]
    public async Task A_damaged_byte_costs_the_rest_of_its_file_and_not_more()
    {
        await using (var queue = Open(options => options with { SegmentBytes = 200 }))
            for (var i = 0; i < 12; i++)
                await queue.AppendAsync(Request($"r{i:D2}"));
        var files = Directory.GetFiles(folder.FullPath, "*.seg").Order().ToList();
        Assert.True(files.Count >= 3);
        var bytes = await File.ReadAllBytesAsync(files[0]);
        bytes[^1] ^= 0xff;
        await File.WriteAllBytesAsync(files[0], bytes);
        await using var again = Open();
        var read = All(again);
        Assert.Equal(11, read.Count);
        Assert.Equal("r11", read[^1]);
        Assert.True(lost["unknown"] > 0);
    }

    [Fact]
    public async Task At_the_bound_the_oldest_goes_and_whose_it_was_is_counted()
    {
        await using var queue = Open(options => options with { SegmentBytes = 1000, MostBytes = 4000 });
        for (var i = 0; i < 200; i++)
            await queue.AppendAsync(Request($"r{i:D3}", i < 100 ? "a/old" : "b/new", samples: 2));
        Assert.InRange(queue.Waiting, 1, 5100);
        var left = All(queue);
        Assert.Equal("r199", left[^1]);
        Assert.Equal(200, left.Count + (lost.Values.Sum() / 2));
        Assert.Equal(200, lost["a/old"]);
        // Who reads meanwhile is taken along.
        queue.Acknowledge(new(1, 0));
        Assert.Equal(left[0], Texts(queue.Read(queue.Position, 1)!).Single());
    }

    [Fact]
    public async Task A_full_disk_refuses_and_a_free_one_goes_on()
    {
        var disk = folder.File("disk");
        Directory.CreateDirectory(disk);
        (await ProcessOutput.RunAsync("mount", ["-t", "tmpfs", "-o", "size=1m", "fleet-test", disk])).MustSucceed();
        try
        {
            var kept = new List<string>();
            await using (var queue = Open(options => options with { Folder = Path.Combine(disk, "queue"), SegmentBytes = 300_000 }))
            {
                var refused = 0;
                for (var i = 0; refused < 3; i++)
                {
                    try
                    {
                        await queue.AppendAsync(Request($"r{i:D3}" + new string('x', 90_000)));
                        kept.Add($"r{i:D3}");
                    }
                    catch (QueueUnavailableException failure)
                    {
                        Assert.Contains("disk", failure.Message, StringComparison.Ordinal);
                        refused++;
                    }
                }
                Assert.Equal(kept, All(queue).Select(text => text[..4]));
                // The store takes some: there is room again.
                var batch = queue.Read(queue.Position, 1_000_000)!;
                queue.Acknowledge(batch.Next);
                while (queue.Position.Offset > 0 && queue.Read(queue.Position, 1) is { } next)
                    queue.Acknowledge(next.Next);
                await queue.AppendAsync(Request("room"));
            }
            await using (var again = Open(options => options with { Folder = Path.Combine(disk, "queue") }))
                Assert.Equal("room", All(again)[^1]);
        }
        finally
        {
            (await ProcessOutput.RunAsync("umount", ["-l", disk])).MustSucceed();
        }
    }

    [Fact]
    public async Task Two_processes_do_not_share_a_queue()
    {
        await using var queue = Open();
        Assert.Throws<IOException>(() => Open());
    }

    private IngestQueue Open(Func<QueueOptions, QueueOptions>? change = null)
    {
        var options = new QueueOptions { Folder = folder.FullPath };
        return IngestQueue.Open(change?.Invoke(options) ?? options, metrics, NullLogger<IngestQueue>.Instance);
    }

    private static QueuedRequest Request(string text, string cluster = "team/web", int samples = 1) => new(cluster, 1, 2, 1, samples, Encoding.UTF8.GetBytes(text));

    private static List<string> Texts(QueuedBatch batch) => [.. batch.Requests.Select(request => Encoding.UTF8.GetString(request.Body.Span))];

    private static List<string> All(IngestQueue queue)
    {
        var all = new List<string>();
        for (var from = queue.Position; queue.Read(from, 10) is { } batch; from = batch.Next)
            all.AddRange(Texts(batch));
        return all;
    }
}
