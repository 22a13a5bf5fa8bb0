using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Bench.ControlPlane;

/// <summary>One API server under load: a client that prepares and parses nothing, and the CPU and memory of the server's processes.</summary>
internal sealed class MeasuredServer : IDisposable
{
    /// <summary>Kernel ticks in /proc.</summary>
    private const double TicksPerSecond = 100;

    private readonly IReadOnlyList<int> _processes;
    private readonly HttpClient _client;
    private readonly Func<CancellationToken, Task<BareConnection>> _connect;
    private readonly ConcurrentStack<BareConnection> _idle = new();

    public MeasuredServer(string kubeconfigPath, IReadOnlyList<int> processes)
    {
        _processes = processes;
        var config = KubernetesYaml.ReadAll(File.ReadAllText(kubeconfigPath)).Single();
        var cluster = config["clusters"]![0]!["cluster"]!;
        var user = config["users"]![0]!["user"]!;
        var ownCertificate = X509Certificate2.CreateFromPem(Pem(user, "client-certificate-data"), Pem(user, "client-key-data"));
        var address = new Uri((string)cluster["server"]!);
        var tls = new SslClientAuthenticationOptions
        {
            TargetHost = address.Host,
            ClientCertificates = [ownCertificate],
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { X509Certificate2.CreateFromPem(Pem(cluster, "certificate-authority-data")) },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        };
        _connect = ct => BareConnection.OpenAsync(address, tls, ct);
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, SslOptions = tls })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromMinutes(2),
            DefaultRequestVersion = HttpVersion.Version11,
        };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("bench/1.0");
        _client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
    }

    /// <summary>User and system time of all its processes so far.</summary>
    public double CpuSeconds => _processes.Sum(static id =>
    {
        var stat = File.ReadAllText($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    });

    /// <summary>Resident memory of all its processes.</summary>
    public double ResidentMebibytes => _processes.Sum(static id =>
    {
        var line = File.ReadLines($"/proc/{id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    });

    /// <summary>Sends a prepared body and reads the answer to its end, on one of as many connections as there are callers at once.</summary>
    public async Task SendAsync(HttpMethod method, string path, byte[] body, CancellationToken ct)
    {
        if (!_idle.TryPop(out var connection) || connection.IsStale)
        {
            connection?.Dispose();
            connection = await _connect(ct);
        }
        await connection.SendAsync(method, path, body, ct);
        _idle.Push(connection);
    }

    /// <summary>Reads an answer without keeping it; the number of bytes.</summary>
    public async Task<long> ReadAsync(string path, bool gzip, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (gzip) request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        var buffer = new byte[64 << 10];
        long total = 0;
        int read;
        while ((read = await body.ReadAsync(buffer, ct)) > 0) total += read;
        return total;
    }

    public async Task<JsonNode> GetAsync(string path, CancellationToken ct) => JsonNode.Parse(await _client.GetStringAsync(path, ct))!;

    /// <summary>Opens a watch on a connection of its own.</summary>
    public async Task<BareConnection> WatchAsync(string path, CancellationToken ct)
    {
        var connection = await _connect(ct);
        await connection.WatchAsync(path, ct);
        return connection;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _client.Dispose();
        foreach (var connection in _idle) connection.Dispose();
    }

    private static string Pem(JsonNode from, string field) => Encoding.UTF8.GetString(Convert.FromBase64String((string)from[field]!));
}
