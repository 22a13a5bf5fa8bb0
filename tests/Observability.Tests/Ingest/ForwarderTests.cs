using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Fleet.Control.Queueing;
using Fleet.Observability.Ingest;
using Fleet.Observability.Ingest.Forwarding;
using Fleet.Observability.Ingest.Queue;
using Fleet.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>What waits on disk for a receiver, and the receiver's moods.</summary>
public sealed class ForwarderTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new("forwarder");
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private PeerReceiver peer = null!;
    private IngestQueue queue = null!;
    private Forwarder? forwarder;
    private readonly ConcurrentDictionary<string, long> counts = new();
    private readonly MeterListener listener = new();

    public async ValueTask InitializeAsync()
    {
        var factory = services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory))
                own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => counts.AddOrUpdate(instrument.Name, value, (_, before) => before + value));
        listener.Start();
        peer = await PeerReceiver.StartAsync();
        Open();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await queue.DisposeAsync();
        await peer.DisposeAsync();
        listener.Dispose();
        await services.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Requests_arrive_in_order_with_the_token_that_the_file_has_at_that_moment()
    {
        await AddAsync("one");
        await StartAsync();
        await peer.UntilAsync(() => peer.Taken.Count == 1);
        folder.Write("token", "second\n");
        await AddAsync("two");
        await AddAsync("three");
        // It is counted when the answer is there, which is after the receiver took it.
        await peer.UntilAsync(() => queue.Waiting == 0);
        Assert.Equal(["one", "two", "three"], Taken());
        Assert.Equal(["Bearer first", "Bearer second", "Bearer second"], peer.Authorizations);
        Assert.Equal(3, counts["fleet.forward.records"]);
    }

    [Fact]
    public async Task What_is_refused_is_given_up_and_what_may_come_again_comes_again()
    {
        var seen = new ConcurrentDictionary<string, int>();
        peer.Answer = (body, _) => (Encoding.UTF8.GetString(body), seen.AddOrUpdate(Encoding.UTF8.GetString(body), 1, (_, before) => before + 1)) switch
        {
            ("bad", _) => 400,
            ("locked", 1) => 401,
            ("busy", <= 3) => 503,
            ("poison", _) => 500,
            _ => 200,
        };
        foreach (var text in (string[])["good", "bad", "locked", "busy", "poison", "last"])
            await AddAsync(text);
        await StartAsync();
        await peer.UntilAsync(() => Taken().Contains("last") && queue.Waiting == 0);
        // While the receiver fails over one the next is tried, so that one comes twice.
        Assert.Equal(["good", "locked", "busy", "last", "last"], Taken());
        Assert.Equal((2, 4, 1, 6), (seen["locked"], seen["busy"], seen["bad"], seen["poison"]));
        Assert.Equal(2, counts["fleet.forward.refused.records"]);
    }

    [Fact]
    public async Task A_receiver_that_came_back_just_before_the_next_was_tried_gets_what_failed_as_well()
    {
        var isBack = false;
        peer.Answer = (body, _) =>
        {
            isBack |= Encoding.UTF8.GetString(body) == "next";
            return isBack ? 200 : 500;
        };
        await AddAsync("first");
        await AddAsync("next");
        await StartAsync();
        await peer.UntilAsync(() => queue.Waiting == 0);
        Assert.Equal(["next", "first", "next"], Taken());
        Assert.DoesNotContain("fleet.forward.refused.records", counts.Keys);
    }

    [Fact]
    public async Task Retry_After_is_waited_for()
    {
        // The usual back-off is a hundredth of it.
        var times = new ConcurrentQueue<long>();
        peer.Answer = (_, context) =>
        {
            times.Enqueue(TimeProvider.System.GetTimestamp());
            if (times.Count > 1)
                return 200;
            context.Response.Headers.RetryAfter = "1";
            return 429;
        };
        await AddAsync("asked");
        await StartAsync();
        await peer.UntilAsync(() => peer.Taken.Count == 1);
        var all = times.ToArray();
        Assert.True(TimeProvider.System.GetElapsedTime(all[0], all[1]) >= TimeSpan.FromMilliseconds(990));
    }

    [Fact]
    public async Task What_was_not_acknowledged_is_sent_again_by_the_next_process()
    {
        peer.Answer = (_, _) => 503;
        await AddAsync("kept");
        await StartAsync();
        await peer.UntilAsync(() => !peer.Authorizations.IsEmpty);
        await StopAsync();
        await queue.DisposeAsync();
        peer.Answer = (_, _) => 200;
        Open();
        await StartAsync();
        await peer.UntilAsync(() => queue.Waiting == 0);
        Assert.Equal(["kept"], Taken());
    }

    [Fact]
    public async Task Beyond_the_bound_the_oldest_goes_and_is_counted()
    {
        for (var i = 0; i < 100; i++)
            await AddAsync($"{i:D4}{new string('x', 4096)}");
        Assert.InRange(queue.Waiting, 1, 96 * 1024);
        Assert.InRange(counts["fleet.ingest.queue.lost.samples"], 50, 99);
        await StartAsync();
        await peer.UntilAsync(() => queue.Waiting == 0);
        var taken = Taken().Select(text => int.Parse(text[..4], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(99, taken[^1]);
        Assert.Equal(100, taken.Count + counts["fleet.ingest.queue.lost.samples"]);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("0a00", 0)]
    [InlineData("0a0208051a00", 5)]
    [InlineData("0a070803120373617912", -1)]
    public void A_partial_success_says_how_many(string hex, long refused)
    {
        if (refused < 0)
            Assert.ThrowsAny<Exception>(() => PartialSuccess.Refused(Convert.FromHexString(hex)));
        else
            Assert.Equal(refused, PartialSuccess.Refused(Convert.FromHexString(hex)));
    }

    private List<string> Taken() => [.. peer.Taken.Select(Encoding.UTF8.GetString)];

    private void Open() => queue = IngestQueue.Open(
        new() { Folder = folder.File("queue"), MostBytes = 64 * 1024, SegmentBytes = 16 * 1024 }, new IngestMetrics(services.GetRequiredService<IMeterFactory>()), NullLogger<IngestQueue>.Instance);

    private Task AddAsync(string text) => queue.AppendAsync(new("team-a/web", 0, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), 1, 1, Gzip(text)));

    // What repeats is made of different bytes, so that the bound is reached.
    private static ReadOnlyMemory<byte> Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(bytes, System.IO.Compression.CompressionLevel.NoCompression))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    private async Task StartAsync()
    {
        if (!File.Exists(folder.File("token")))
            folder.Write("token", "first");
        var target = new TargetOptions(peer.Address) { TokenFile = folder.File("token"), FirstDelay = TimeSpan.FromMilliseconds(5), LongestDelay = TimeSpan.FromMilliseconds(20) };
        forwarder = new(
            new("logs", target, new() { Folder = folder.File("queue") }, "application/x-protobuf"), queue, new ForwardMetrics(services.GetRequiredService<IMeterFactory>()), TimeProvider.System, RandomJitter.Shared,
            NullLogger<Forwarder>.Instance);
        await forwarder.StartAsync(CancellationToken.None);
    }

    private async Task StopAsync()
    {
        if (forwarder is null)
            return;
        await forwarder.StopAsync(CancellationToken.None);
        forwarder.Dispose();
        forwarder = null;
    }
}
