using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fleet.Testing;
using Fleet.Testing.Processes;

namespace Fleet.Bench.Processes;

/// <summary>One of Fleet's services as a process of its own, and what its <c>/metrics</c> says.</summary>
internal sealed class FleetProgram : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ServerProcess _process;
    private readonly HttpClient _http;

    private FleetProgram(ServerProcess process, HttpClient http) => (_process, _http) = (process, http);

    public ProcessUse Use => ProcessUse.Of(_process.Id);

    /// <param name="assembly">For instance <c>Fleet.StateManager.dll</c>.</param>
    /// <param name="environment">Its settings, as environment variables.</param>
    /// <param name="arguments">More of them, as arguments.</param>
    public static async Task<FleetProgram> StartAsync(string assembly, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var process = await ServerProcess.StartAsync(
            Path.GetFileNameWithoutExtension(assembly), "dotnet", [Find(assembly), .. arguments],
            new Dictionary<string, string?>(environment) { ["ASPNETCORE_URLS"] = address.ToString(), ["Logging__LogLevel__Default"] = "Warning" });
        var http = new HttpClient { BaseAddress = address };
        await process.WaitUntilAsync(async ct => (await http.GetAsync("/readyz", ct)).IsSuccessStatusCode, StartLimit);
        return new(process, http);
    }

    /// <summary>All series of the exposition whose line begins so, added up.</summary>
    public async Task<double> MetricAsync(string prefix, CancellationToken ct) => (await _http.GetStringAsync("/metrics", ct)).Split('\n')
        .Where(line => line.StartsWith(prefix, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    /// <summary>Compiled ahead of time, as `./fleet` makes what users start; else the plain build beside this program.</summary>
    private static string Find(string assembly) =>
        Path.Combine(TestLogs.RepositoryRoot, "artifacts", "ready", assembly) is var ready && File.Exists(ready)
            ? ready
            : Path.Combine(AppContext.BaseDirectory, assembly);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
