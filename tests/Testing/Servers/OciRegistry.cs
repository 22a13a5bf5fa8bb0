using Fleet.Testing.Processes;

namespace Fleet.Testing.Servers;

/// <summary>A real OCI registry without TLS (helm's <c>--plain-http</c>), optionally with one user who must log in.</summary>
public sealed class OciRegistry : IAsyncDisposable
{
    private static readonly Lazy<Task<OciRegistry>> Shared = new(() => StartAsync());

    private readonly TemporaryFolder _folder = new("registry");
    private ServerProcess? _server;

    /// <summary>Host and port, as they stand in <c>oci://</c> references.</summary>
    public string Host { get; } = $"127.0.0.1:{FreePort.Next()}";

    public Uri Address => new($"http://{Host}");

    /// <summary>One registry for all tests of this process, started at the first call; it ends with the process.</summary>
    public static Task<OciRegistry> SharedAsync() => Shared.Value;

    /// <summary>With <paramref name="htpasswd"/> (lines of <c>user:bcrypt</c>) every request must log in.</summary>
    public static async Task<OciRegistry> StartAsync(string? htpasswd = null)
    {
        var registry = new OciRegistry();
        try
        {
            await registry.StartServerAsync(htpasswd);
            return registry;
        }
        catch
        {
            await registry.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_server is { } running)
        {
            await running.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task StartServerAsync(string? htpasswd)
    {
        var login = htpasswd is null
            ? ""
            : $"""

              auth:
                htpasswd:
                  realm: test
                  path: {_folder.Write("htpasswd", htpasswd)}
              """;
        var settings = _folder.Write("config.yml", $"""
            version: 0.1
            log:
              level: warn
            storage:
              filesystem:
                rootdirectory: {_folder.File("data")}
              delete:
                enabled: true
            http:
              addr: {Host}{login}
            """);
        _server = await ServerProcess.StartAsync(
            "docker-registry",
            RealParts.DockerRegistry,
            ["serve", settings],
            new Dictionary<string, string?> { ["OTEL_TRACES_EXPORTER"] = "none" });
        using var client = new HttpClient();
        await _server.WaitUntilAsync(
            async ct =>
            {
                using var response = await client.GetAsync(new Uri(Address, "/v2/"), ct);
                return (int)response.StatusCode is 200 or 401;
            },
            TimeSpan.FromSeconds(120));
        TestLogs.NoteUsed("docker-registry");
    }
}
