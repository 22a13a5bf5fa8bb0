using Fleet.Testing.Processes;

namespace Fleet.Testing.Servers;

/// <summary>A real S3 server: Ceph with one monitor, one OSD in memory and its gateway. One for all tests of a process, since it takes twelve seconds.</summary>
public sealed class MiniCeph
{
    private static readonly Lazy<Task<MiniCeph>> Shared = new(StartAsync);

    private MiniCeph()
    {
    }

    public int Port { get; } = FreePort.Next();

    /// <summary>Host and port.</summary>
    public string Endpoint => $"127.0.0.1:{Port}";

    public string AccessKey => "TESTACCESSKEY0000001";

    public string SecretKey { get; } = "test-secret-key-of-no-account-anywhere-1";

    /// <summary>Started at the first call; it ends with the process.</summary>
    public static Task<MiniCeph> SharedAsync() => Shared.Value;

    private static async Task<MiniCeph> StartAsync()
    {
        var ceph = new MiniCeph();
        // Both go with the process.
        var folder = new TemporaryFolder("ceph");
        var server = await ServerProcess.StartAsync(
            "ceph", RealParts.MiniCeph, [folder.FullPath, $"{FreePort.Next()}", $"{ceph.Port}", ceph.AccessKey, ceph.SecretKey]);
        using var client = new HttpClient();
        await server.WaitUntilAsync(
            async ct =>
            {
                if (!File.Exists(folder.File("ready")))
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ct);
                    return false;
                }

                using var response = await client.GetAsync(new Uri($"http://{ceph.Endpoint}/"), ct);
                return response.IsSuccessStatusCode;
            },
            TimeSpan.FromSeconds(120));
        TestLogs.NoteUsed("ceph");
        return ceph;
    }
}
