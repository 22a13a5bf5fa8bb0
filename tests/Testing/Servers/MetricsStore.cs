using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Testing.Processes;

namespace Fleet.Testing.Servers;

/// <summary>A real store that takes remote write: Debian's VictoriaMetrics or Prometheus.</summary>
public sealed class MetricsStore : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new("metrics");
    private readonly HttpClient _client = new();
    private readonly bool _isPrometheus;
    private readonly int _port = FreePort.Next();
    private ServerProcess? _server;

    private MetricsStore(bool isPrometheus)
    {
        _isPrometheus = isPrometheus;
        _client.BaseAddress = new Uri($"http://127.0.0.1:{_port}");
    }

    public Uri WriteAddress => new(_client.BaseAddress!, "/api/v1/write");

    /// <summary>Before <c>api/v1/query</c>.</summary>
    public Uri Address => _client.BaseAddress!;

    /// <summary>Of its process; 0 while it does not run.</summary>
    public int ProcessId => _server?.Id ?? 0;

    public static async Task<MetricsStore> StartVictoriaMetricsAsync()
    {
        var store = new MetricsStore(isPrometheus: false);
        await store.StartAsync();
        return store;
    }

    /// <param name="outOfOrderWindow">How old samples may be, <c>30m</c>; null: none may be older than others of its series.</param>
    public static async Task<MetricsStore> StartPrometheusAsync(string? outOfOrderWindow = null)
    {
        var store = new MetricsStore(isPrometheus: true);
        store._folder.Write("prometheus.yml", outOfOrderWindow is null ? "global: {}\n" : $"storage:\n  tsdb:\n    out_of_order_time_window: {outOfOrderWindow}\n");
        await store.StartAsync();
        return store;
    }

    /// <summary>Starts it on the data that it has.</summary>
    public async Task StartAsync()
    {
        var address = $"127.0.0.1:{_port}";
        _server = _isPrometheus
            ? await ServerProcess.StartAsync("prometheus", RealParts.Prometheus, [
                $"--config.file={_folder.File("prometheus.yml")}", $"--storage.tsdb.path={_folder.File("data")}", $"--web.listen-address={address}", "--web.enable-remote-write-receiver"])
            : await ServerProcess.StartAsync("victoria-metrics", RealParts.VictoriaMetrics, [
                $"-storageDataPath={_folder.File("data")}", $"-httpListenAddr={address}", "-retentionPeriod=12", "-search.latencyOffset=0s"]);
        await _server.WaitUntilAsync(
            async ct =>
            {
                using var response = await _client.GetAsync(new Uri(_isPrometheus ? "/-/ready" : "/health", UriKind.Relative), ct);
                return response.IsSuccessStatusCode;
            },
            TimeSpan.FromSeconds(120));
        TestLogs.NoteUsed(_isPrometheus ? "prometheus" : "victoria-metrics");
    }

    /// <summary>Ends it in good order: killed, VictoriaMetrics loses what it had answered for in the seconds before.</summary>
    public async Task StopAsync()
    {
        (await ProcessOutput.RunAsync("kill", ["-TERM", _server!.Id.ToString(CultureInfo.InvariantCulture)])).MustSucceed();
        while (!_server.HasExited)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Every raw sample of the last days that a selector finds: the labels as JSON, timestamp in ms, value.</summary>
    public async Task<IReadOnlyList<(JsonObject Labels, long Timestamp, double Value)>> SamplesAsync(string selector)
    {
        if (!_isPrometheus)
        {
            (await _client.GetAsync(new Uri("/internal/force_flush", UriKind.Relative))).Dispose();
        }

        var query = Uri.EscapeDataString($"{selector}[3d]");
        var answer = JsonNode.Parse(await _client.GetStringAsync(new Uri($"/api/v1/query?query={query}", UriKind.Relative)))!;
        return [..
            from series in answer["data"]!["result"]!.AsArray()
            from value in series!["values"]!.AsArray()
            select (
                series["metric"]!.AsObject(),
                (long)Math.Round((double)value![0]! * 1000),
                double.Parse((string)value[1]!, CultureInfo.InvariantCulture))];
    }

    /// <summary>Asks until it has so many samples.</summary>
    public async Task<IReadOnlyList<(JsonObject Labels, long Timestamp, double Value)>> WaitForAsync(string selector, int count, TimeSpan timeout)
    {
        using var cancel = new CancellationTokenSource(timeout);
        while (true)
        {
            var samples = await SamplesAsync(selector);
            if (samples.Count >= count)
            {
                return samples;
            }

            if (cancel.IsCancellationRequested)
            {
                throw new TimeoutException($"{selector}: {samples.Count} samples instead of {count} after {timeout.TotalSeconds} s");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_server is { } running)
        {
            await running.DisposeAsync();
        }

        _client.Dispose();
        _folder.Dispose();
    }
}
