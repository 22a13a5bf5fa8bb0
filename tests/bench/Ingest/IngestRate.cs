using System.Net;
using System.Net.Http.Headers;
using Fleet.Bench.Processes;
using Fleet.Bench.Runner;
using Fleet.Testing.Servers;

namespace Fleet.Bench.Ingest;

/// <summary>
/// Samples a second that are acknowledged, by Fleet (on disk, with a VictoriaMetrics behind it that gets them meanwhile) and by a VictoriaMetrics alone, in turns,
/// from the same sender with four connections. CPU is that of the receiving process.
/// </summary>
internal sealed class IngestRate : IBenchmark
{
    private const int Series = 20_000;
    private const int Scrapes = 50;
    private const int Connections = 4;
    private const int Rounds = 3;

    public string Name => "ingest";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        await using var alone = await MetricsStore.StartVictoriaMetricsAsync();
        await using var behind = await MetricsStore.StartVictoriaMetricsAsync();
        await using var ingest = await IngestProcess.StartAsync(behind.WriteAddress);
        List<double> ours = [], theirs = [], delivered = [], ourCpu = [], theirCpu = [];
        // The first round warms up both.
        for (var round = -1; round < Rounds; round++)
        {
            var bodies = WriteBodies.Make(Series, Scrapes, TimeProvider.System.GetUtcNow().AddHours(-2).AddSeconds(15 * Scrapes * round));
            double samples = (double)bodies.Count * WriteBodies.SamplesPerRequest;
            var (seconds, cpu) = await MeasureAsync(alone.ProcessId, () => SendAsync(bodies, alone.WriteAddress, null, ct));
            var before = ProcessUse.Of(ingest.Id);
            var began = TimeProvider.System.GetTimestamp();
            var (acknowledged, _) = await MeasureAsync(ingest.Id, () => SendAsync(bodies, ingest.WriteAddress, ingest.Token, ct));
            while (await ingest.MetricAsync("fleet_ingest_queue_size_bytes", ct) > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
            var all = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            if (round < 0)
                continue;
            theirs.Add(samples / seconds);
            theirCpu.Add(cpu / samples * 1e6);
            ours.Add(samples / acknowledged);
            delivered.Add(samples / all);
            ourCpu.Add((ProcessUse.Of(ingest.Id).Own - before.Own) / samples * 1e6);
        }
        if (await ingest.MetricAsync("fleet_ingest_refused_samples_total", ct) > 0 || await ingest.MetricAsync("fleet_ingest_store_refused_samples_total", ct) > 0)
            throw new InvalidOperationException("samples were refused: the rates mean nothing");

        var (rate, baseline) = (Median(ours), Median(theirs));
        return
        [
            new("ingest/samples acknowledged", rate, "samples/s", baseline, rate / baseline, ">= 100,000", rate >= 100_000),
            new("ingest/beside VictoriaMetrics alone", rate, "samples/s", baseline, rate / baseline, "ratio >= 0.5", rate / baseline >= 0.5),
            new("ingest/samples delivered to the store", Median(delivered), "samples/s", baseline, Median(delivered) / baseline, ">= 100,000", Median(delivered) >= 100_000),
            new("ingest/CPU, delivery included", Median(ourCpu), "s/1M samples", Median(theirCpu), Median(ourCpu) / Median(theirCpu), "ratio <= 1", Median(ourCpu) <= Median(theirCpu)),
        ];
    }

    private static async Task<(double Seconds, double Cpu)> MeasureAsync(int process, Func<Task> work)
    {
        var before = ProcessUse.Of(process);
        var began = TimeProvider.System.GetTimestamp();
        await work();
        return (TimeProvider.System.GetElapsedTime(began).TotalSeconds, ProcessUse.Of(process).Own - before.Own);
    }

    private static async Task SendAsync(IReadOnlyList<byte[]> bodies, Uri address, string? token, CancellationToken ct)
    {
        using var client = new HttpClient();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < bodies.Count;)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(bodies[i]) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
                request.Content.Headers.ContentEncoding.Add("snappy");
                if (token is not null)
                    request.Headers.Authorization = new("Bearer", token);
                using var response = await client.SendAsync(request, ct);
                if (response.StatusCode != HttpStatusCode.NoContent)
                    throw new InvalidOperationException($"{address}: {response.StatusCode} {await response.Content.ReadAsStringAsync(ct)}");
            }
        }));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
