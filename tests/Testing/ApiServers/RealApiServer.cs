using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Fleet.Testing.Processes;

namespace Fleet.Testing.ApiServers;

/// <summary>
/// etcd, kube-apiserver and kube-controller-manager on free loopback ports, with a certificate authority of their own.
/// There is no scheduler and no kubelet: objects are as in production, but pods stay pending.
/// </summary>
public sealed class RealApiServer : IApiServerFixture, IAsyncDisposable
{
    /// <summary>The token of a user who is authenticated and may do nothing.</summary>
    public const string StrangerToken = "stranger-token-of-the-tests";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);
    private static readonly Lazy<Task<RealApiServer>> Shared = new(() => StartAsync());
    private static readonly Lazy<Task<RealApiServer>> Second = new(() => StartAsync());

    private readonly TemporaryFolder _folder = new("kube");
    private readonly ClusterCertificates _certificates = new(TimeProvider.System);
    private readonly RealApiServerFlags _flags;
    private readonly HttpClient _probe;
    private IReadOnlyList<string> _more = [];
    private bool _isDurable;
    private ServerProcess? _etcd;
    private ServerProcess? _apiServer;
    private ServerProcess? _controllers;

    private RealApiServer()
    {
        _flags = new RealApiServerFlags(_folder, FreePort.Next(), FreePort.Next(), FreePort.Next());
        Server = new Uri($"https://127.0.0.1:{_flags.ApiServerPort}");
        KubeconfigPath = _folder.File("admin.kubeconfig");
        _probe = WriteFilesAndConnect();
    }

    /// <inheritdoc />
    public string Name => "kube-apiserver";

    /// <inheritdoc />
    public string KubeconfigPath { get; }

    /// <inheritdoc />
    public Uri Server { get; }

    /// <inheritdoc />
    public string Version { get; private set; } = "";

    /// <inheritdoc />
    public bool IsWithoutNodes => true;

    public string AuthorityPem => _certificates.AuthorityPem;

    /// <summary>The processes' ids, for measurements of memory and CPU: etcd, kube-apiserver, kube-controller-manager.</summary>
    public IReadOnlyList<int> ProcessIds => [.. new[] { _etcd, _apiServer, _controllers }.OfType<ServerProcess>().Select(process => process.Id)];

    /// <summary>One server for all tests of this process, started at the first call; it ends with the process.</summary>
    public static Task<RealApiServer> SharedAsync() => Shared.Value;

    /// <summary>Another one, for scripts whose names would meet those of the first one's.</summary>
    public static Task<RealApiServer> SecondAsync() => Second.Value;

    /// <summary>
    /// A server of the caller's own. Without controllers, namespaces never finish deleting and nothing is garbage collected.
    /// Flags are added to those of the API server. Durable means that etcd flushes every commit to the disk, as in production.
    /// </summary>
    public static async Task<RealApiServer> StartAsync(bool withControllers = true, bool durable = false, IReadOnlyList<string>? flags = null)
    {
        var server = new RealApiServer { _more = flags ?? [] };
        try
        {
            await server.StartAllAsync(withControllers, durable);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A kubeconfig file for another user, with a client certificate that is valid for the given time.</summary>
    public string WriteKubeconfig(string user, IEnumerable<string> groups, TimeSpan? validFor = null)
    {
        var text = KubeconfigText.WithCertificate(Server, AuthorityPem, _certificates.IssueClient(user, groups, validFor));
        return _folder.Write($"user-{Guid.NewGuid():N}.kubeconfig", text);
    }

    /// <summary>A kubeconfig file with a bearer token, for example <see cref="StrangerToken"/>.</summary>
    public string WriteTokenKubeconfig(string token) =>
        _folder.Write($"token-{Guid.NewGuid():N}.kubeconfig", KubeconfigText.WithToken(Server, AuthorityPem, token));

    /// <summary>Kills the API server at once; etcd keeps its data. <see cref="StartAgainAsync"/> brings it back on the same port.</summary>
    public async Task KillAsync()
    {
        if (_apiServer is { } running)
        {
            await running.DisposeAsync();
        }

        _apiServer = null;
    }

    /// <summary>Starts the API server after <see cref="KillAsync"/>, with the same data and the same address.</summary>
    public async Task StartAgainAsync()
    {
        await KillAsync();
        _apiServer = await ServerProcess.StartAsync("kube-apiserver", RealParts.KubeApiServer, [.. _flags.ApiServer(), .. _more]);
        await _apiServer.WaitUntilAsync(IsReadyAsync, StartLimit);
    }

    /// <summary>Where etcd answers, plain HTTP: its JSON gateway, too.</summary>
    public Uri Etcd => new($"http://127.0.0.1:{_flags.EtcdPort}");

    /// <summary>Kills etcd at once; what it has written is with the kernel and stays.</summary>
    public async Task KillEtcdAsync()
    {
        if (_etcd is { } running)
        {
            await running.DisposeAsync();
        }

        _etcd = null;
    }

    /// <summary>Starts etcd after <see cref="KillEtcdAsync"/>, with the same data and the same address.</summary>
    public async Task StartEtcdAgainAsync() => await StartEtcdAsync(_isDurable);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { _controllers, _apiServer, _etcd }.OfType<ServerProcess>())
        {
            await process.DisposeAsync();
        }

        _probe.Dispose();
        _certificates.Dispose();
        _folder.Dispose();
    }

    private async Task StartAllAsync(bool withControllers, bool durable)
    {
        await StartEtcdAsync(durable);
        await StartAgainAsync();
        var version = JsonNode.Parse(await _probe.GetStringAsync(new Uri(Server, "/version")))!;
        Version = (string)version["gitVersion"]!;
        TestLogs.NoteUsed($"kube-apiserver {Version}{(RealParts.KubebuilderAssets is null ? "" : " from KUBEBUILDER_ASSETS")} with etcd");
        if (withControllers)
        {
            var help = await ProcessOutput.RunAsync(RealParts.KubeControllerManager, ["--help"]);
            var sameVersion = (await ProcessOutput.RunAsync(RealParts.KubeControllerManager, ["--version"])).Out.Contains(Version, StringComparison.Ordinal);
            _controllers = await ServerProcess.StartAsync(
                "kube-controller-manager", RealParts.KubeControllerManager, _flags.ControllerManager(help.Out, sameVersion));
            await _controllers.WaitUntilAsync(HasDefaultServiceAccountAsync, StartLimit);
        }
    }

    private async Task StartEtcdAsync(bool durable)
    {
        _isDurable = durable;
        await KillEtcdAsync();
        var etcdHelp = await ProcessOutput.RunAsync(RealParts.Etcd, ["--help"]);
        _etcd = await ServerProcess.StartAsync("etcd", RealParts.Etcd, _flags.Etcd(etcdHelp.Out + etcdHelp.Error, durable));
        using var plain = new HttpClient();
        await _etcd.WaitUntilAsync(async ct => (await plain.GetAsync(new Uri(Etcd, "/health"), ct)).IsSuccessStatusCode, StartLimit);
    }

    private HttpClient WriteFilesAndConnect()
    {
        var serving = _certificates.IssueServer();
        var admin = _certificates.IssueClient("kubernetes-admin", ["system:masters"]);
        var accounts = ClusterCertificates.NewServiceAccountKeys();
        _folder.Write("ca.crt", AuthorityPem);
        _folder.Write("server.crt", serving.PublicPem);
        _folder.Write("server.key", serving.PrivatePem);
        _folder.Write("sa.pub", accounts.PublicPem);
        _folder.Write("sa.key", accounts.PrivatePem);
        _folder.Write("tokens.csv", $"{StrangerToken},stranger,stranger-uid,\"strangers\"\n");
        _folder.Write("admin.kubeconfig", KubeconfigText.WithCertificate(Server, AuthorityPem, admin));
        var controllers = _certificates.IssueClient("system:kube-controller-manager", ["system:masters"]);
        _folder.Write("controllers.kubeconfig", KubeconfigText.WithCertificate(Server, AuthorityPem, controllers));

        var authority = X509Certificate2.CreateFromPem(AuthorityPem);
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [X509Certificate2.CreateFromPem(admin.PublicPem, admin.PrivatePem)],
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { authority },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
            // A killed server must not leave a dead connection to the next one.
            PooledConnectionLifetime = TimeSpan.FromSeconds(5),
        };
        return new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10) };
    }

    private async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        using var response = await _probe.GetAsync(new Uri(Server, "/readyz"), ct);
        return response.StatusCode == HttpStatusCode.OK;
    }

    private async Task<bool> HasDefaultServiceAccountAsync(CancellationToken ct)
    {
        using var response = await _probe.GetAsync(new Uri(Server, "/api/v1/namespaces/default/serviceaccounts/default"), ct);
        return response.StatusCode == HttpStatusCode.OK;
    }
}
