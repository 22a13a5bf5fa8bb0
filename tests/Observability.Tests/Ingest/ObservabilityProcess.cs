using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>fleet-observability as a process of its own, beside an API server with Fleet's kinds, PostgreSQL and a metrics store.</summary>
public sealed class ObservabilityProcess : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new("observability");
    private readonly int port = FreePort.Next();
    private EmbeddedApiServer server = null!;
    private PrivatePostgres postgres = null!;
    private ServerProcess? process;
    private string user = "";

    public HttpClient Client { get; } = new();

    private IReadOnlyDictionary<string, string?>? environment;

    public static async Task<ObservabilityProcess> StartAsync(Uri store, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var all = new ObservabilityProcess { environment = environment, server = await EmbeddedApiServer.StartAsync(), postgres = await PrivatePostgres.StartAsync() };
        all.Client.BaseAddress = new Uri($"http://127.0.0.1:{all.port}");
        all.folder.Write("store", store.AbsoluteUri);
        (await all.KubectlAsync("apply", "-f", Path.Combine(TestLogs.RepositoryRoot, "deploy", "crds"))).MustSucceed();
        (await all.KubectlAsync("wait", "--for=condition=Established", "crd/clusterdeployments.k0rdent.mirantis.com", "--timeout=30s")).MustSucceed();
        await all.StartAsync();
        return all;
    }

    /// <summary>On the data that it has.</summary>
    public async Task StartAsync()
    {
        var program = Path.Combine(TestLogs.RepositoryRoot, "artifacts", "bin", "Observability", "release", "Fleet.Observability.dll");
        process = await ServerProcess.StartAsync("fleet-observability", "dotnet", [
            program, "--postgres", folder.Write("postgres", postgres.ConnectionString), "--kubeconfig", server.KubeconfigPath, "--urls", Client.BaseAddress!.AbsoluteUri,
            "--metrics-store", await File.ReadAllTextAsync(folder.File("store")), "--queue", folder.File("queue")], environment);
        await process.WaitUntilAsync(
            async ct =>
            {
                // 503 while the tokens have not been read; 401 says that they have.
                using var response = await WriteAsync([], "none");
                return (int)response.StatusCode == 401;
            },
            TimeSpan.FromSeconds(60));
    }

    public Task KillAsync() => process!.KillAsync();

    public string Log => process!.LogPath;

    public Task<ProcessOutput> KubectlAsync(params string[] arguments) =>
        ProcessOutput.RunAsync(RealParts.Kubectls[0].Path, ["--kubeconfig", server.KubeconfigPath, .. arguments]);

    public async Task MakeClusterAsync(string @namespace, string name)
    {
        await KubectlAsync("create", "namespace", @namespace);
        var manifest = folder.Write($"{@namespace}-{name}.yaml", $"""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterDeployment
            metadata:
              name: {name}
              namespace: {@namespace}
            spec:
              template: some-template
              credential: some-credential
            """);
        (await KubectlAsync("apply", "-f", manifest)).MustSucceed();
    }

    /// <summary>A user who may do these verbs to Secrets (or something else) of a namespace; calls of <see cref="TokensAsync"/> are theirs.</summary>
    /// <param name="verbs">Null: the user is there already.</param>
    public async Task ActAsAsync(string @namespace, string? verbs, string resource = "secrets")
    {
        if (verbs is not null)
        {
            (await KubectlAsync("create", "serviceaccount", "caller", "-n", @namespace)).MustSucceed();
            (await KubectlAsync("create", "role", "caller", "-n", @namespace, $"--verb={verbs}", $"--resource={resource}")).MustSucceed();
            (await KubectlAsync("create", "rolebinding", "caller", "-n", @namespace, "--role=caller", $"--serviceaccount={@namespace}:caller")).MustSucceed();
        }
        user = (await KubectlAsync("create", "token", "caller", "-n", @namespace)).MustSucceed().Out.Trim();
    }

    public async Task<(int Status, JsonNode? Answer)> TokensAsync(HttpMethod method, string cluster, string id = "")
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/clusters/{cluster}/telemetry-tokens{id}");
        request.Headers.Authorization = new("Bearer", user);
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public async Task<HttpResponseMessage> WriteAsync(byte[] message, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/write") { Content = new ByteArrayContent(WriteRequests.Compress(message)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        request.Content.Headers.ContentEncoding.Add("snappy");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        Client.Dispose();
        await server.DisposeAsync();
        await postgres.DisposeAsync();
        folder.Dispose();
    }
}
