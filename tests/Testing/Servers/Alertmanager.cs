using System.Text.Json.Nodes;
using Fleet.Testing.Processes;

namespace Fleet.Testing.Servers;

/// <summary>Debian's Alertmanager.</summary>
public sealed class Alertmanager : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new("alertmanager");
    private readonly HttpClient _client = new();
    private ServerProcess? _server;

    public Uri Address => _client.BaseAddress!;

    public static async Task<Alertmanager> StartAsync()
    {
        var alertmanager = new Alertmanager();
        var port = FreePort.Next();
        alertmanager._client.BaseAddress = new Uri($"http://127.0.0.1:{port}");
        alertmanager._folder.Write("alertmanager.yml", "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n");
        alertmanager._server = await ServerProcess.StartAsync("alertmanager", RealParts.Alertmanager, [
            $"--config.file={alertmanager._folder.File("alertmanager.yml")}", $"--storage.path={alertmanager._folder.File("data")}", $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="]);
        await alertmanager._server.WaitUntilAsync(
            async ct =>
            {
                using var response = await alertmanager._client.GetAsync(new Uri("/-/ready", UriKind.Relative), ct);
                return response.IsSuccessStatusCode;
            },
            TimeSpan.FromSeconds(120));
        TestLogs.NoteUsed("prometheus-alertmanager");
        return alertmanager;
    }

    /// <summary>Alerts that it believes to fire.</summary>
    public async Task<JsonArray> AlertsAsync() => (JsonArray)JsonNode.Parse(await _client.GetStringAsync(new Uri("/api/v2/alerts", UriKind.Relative)))!;

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
