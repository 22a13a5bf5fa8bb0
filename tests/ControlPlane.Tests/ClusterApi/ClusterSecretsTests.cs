using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Tests.Simulation;

namespace Fleet.ControlPlane.Tests.ClusterApi;

/// <summary>The Secrets of control plane and bootstrap providers, and that the keys in them open what they should and no more.</summary>
public sealed class ClusterSecretsTests
{
    [Theory]
    [InlineData("Kubeadm", "ca etcd proxy sa kubeconfig")]
    [InlineData("Simulated", "ca kubeconfig")]
    public async Task Secrets_have_the_type_label_owner_and_keys_of_the_contract(string kind, string names)
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster(controlPlane: kind));
        await harness.AvailableAsync();

        foreach (var name in names.Split(' '))
        {
            var secret = harness.Management.Get(CoreKinds.Secret, new("default", $"sim-{name}"))!;
            Assert.Equal(("cluster.x-k8s.io/secret", "sim"), (secret.Text("type"), secret.Label("cluster.x-k8s.io/cluster-name")));
            Assert.Equal(($"{kind}ControlPlane", "sim-cp"), (secret.Controller()!.Text("kind"), secret.Controller()!.Text("name")));
            Assert.Equal(name == "kubeconfig" ? ["value"] : ["tls.crt", "tls.key"], secret.Child("data")!.Select(d => d.Key));
            if (name is "kubeconfig" or "sa")
                continue;
            using var pair = X509Certificate2.CreateFromPem(Decode(secret, "tls.crt"), Decode(secret, "tls.key"));
            Assert.True(pair.HasPrivateKey);
            Assert.True(pair.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        }
    }

    [Fact]
    public async Task Bootstrap_data_lies_in_a_Secret_that_its_config_controls()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster());
        await harness.AvailableAsync();
        var machine = Assert.Single(harness.Machines(controlPlane: true));

        var config = harness.Get("KubeadmConfig", machine.Text("spec", "bootstrap", "configRef", "name")!);
        Assert.True(config.Flag("status", "initialization", "dataSecretCreated") && config.Flag("status", "ready"));
        Assert.Equal(machine.Text("spec", "bootstrap", "dataSecretName"), config.Text("status", "dataSecretName"));
        var secret = harness.Management.Get(CoreKinds.Secret, new("default", config.Text("status", "dataSecretName")!))!;
        Assert.Equal(config.Uid(), secret.Controller()!.Text("uid"));
        Assert.Equal(("cluster.x-k8s.io/secret", "sim"), (secret.Text("type"), secret.Label("cluster.x-k8s.io/cluster-name")));
        Assert.StartsWith("#cloud-config", Decode(secret, "value"));
        Assert.Equal("Machine", config.Controller()!.Text("kind"));
    }

    [Fact]
    public async Task A_users_own_authority_is_kept_even_without_its_key()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, """
            apiVersion: v1
            kind: Secret
            metadata: {name: sim-ca, namespace: default}
            data: {tls.crt: bm90IGEgY2VydGlmaWNhdGU=, tls.key: ""}
            """ + "\n---\n" + SimulatedManifests.Cluster());
        await harness.AvailableAsync();
        Assert.Equal("not a certificate", Decode(harness.Management.Get(CoreKinds.Secret, new("default", "sim-ca"))!, "tls.crt"));
    }

    [Fact]
    public async Task The_key_of_an_authority_makes_certificates_for_its_own_cluster_alone()
    {
        await using var served = await ServedAsync();
        var first = await served.ClusterAsync("a");
        await served.ClusterAsync("b");
        var authority = Assert.IsType<System.Text.Json.Nodes.JsonObject>(served.Api.Get(CoreKinds.Secret, new("default", "a-ca")));
        using var certificate = Sign(Decode(authority, "tls.crt"), Decode(authority, "tls.key"), "CN=someone, O=system:masters");
        using var forged = SelfSigned("CN=someone, O=system:masters");

        Assert.Equal(HttpStatusCode.OK, await served.GetAsync("/clusters/default-a/api/v1/nodes", certificate));
        Assert.Equal(HttpStatusCode.Unauthorized, await served.GetAsync("/clusters/default-b/api/v1/nodes", certificate));
        Assert.Equal(HttpStatusCode.Unauthorized, await served.GetAsync("/api/v1/secrets", certificate));
        Assert.Equal(HttpStatusCode.Unauthorized, await served.GetAsync("/clusters/default-a/api/v1/nodes", forged));
        using var authorityItself = X509Certificate2.CreateFromPem(Decode(authority, "tls.crt"), Decode(authority, "tls.key"));
        using var shown = X509CertificateLoader.LoadPkcs12(authorityItself.Export(X509ContentType.Pfx), null);
        Assert.Equal(HttpStatusCode.Unauthorized, await served.GetAsync("/clusters/default-a/api/v1/nodes", shown));
        Assert.NotNull(first);
    }

    [Fact]
    public async Task Faults_of_an_api_are_felt_by_clients_and_end()
    {
        await using var served = await ServedAsync();
        var api = await served.ClusterAsync("a");
        const string Nodes = "/clusters/default-a/api/v1/nodes";
        var authority = served.Api.Get(CoreKinds.Secret, new("default", "a-ca"))!;
        using var certificate = Sign(Decode(authority, "tls.crt"), Decode(authority, "tls.key"), "CN=someone, O=system:masters");
        Assert.Equal(HttpStatusCode.OK, await served.GetAsync(Nodes, certificate));

        using var watching = served.Client(certificate);
        using var watch = await watching.GetStreamAsync($"{Nodes}?watch=1&resourceVersion={api.Revision}");
        api.Fault = new(ApiFaultMode.Unreachable, TimeSpan.Zero);
        using var reader = new StreamReader(watch);
        Assert.Null(await reader.ReadLineAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token));
        await Assert.ThrowsAsync<HttpRequestException>(() => served.GetAsync(Nodes, certificate));

        api.Fault = new(ApiFaultMode.Hanging, TimeSpan.Zero);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => served.GetAsync(Nodes, certificate, TimeSpan.FromMilliseconds(300)));

        api.Fault = new(ApiFaultMode.None, TimeSpan.FromMilliseconds(400));
        var start = TimeProvider.System.GetTimestamp();
        Assert.Equal(HttpStatusCode.OK, await served.GetAsync(Nodes, certificate));
        Assert.True(TimeProvider.System.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(390));

        api.Fault = null;
        Assert.Equal(HttpStatusCode.OK, await served.GetAsync(Nodes, certificate));
    }

    private static string Decode(System.Text.Json.Nodes.JsonObject secret, string key) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(secret.Text("data", key)!));

    private static X509Certificate2 Sign(string authorityPem, string keyPem, string subject)
    {
        using var authority = X509Certificate2.CreateFromPem(authorityPem, keyPem);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = Request(subject, key).Create(authority, TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddHours(1), [1, 2, 3]);
        using var whole = made.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null);
    }

    private static X509Certificate2 SelfSigned(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = Request(subject, key).CreateSelfSigned(TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddHours(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    private static CertificateRequest Request(string subject, ECDsa key)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        return request;
    }

    private static async Task<Served> ServedAsync()
    {
        var host = await ControlPlaneHost.StartAsync(new ControlPlaneOptions());
        return new(host, await FleetSimulation.StartAsync(host.Clusters, new() { Timings = SimulationTimings.Instant }, TimeProvider.System, null, CancellationToken.None));
    }

    private sealed class Served(ControlPlaneHost host, FleetSimulation simulation) : IAsyncDisposable
    {
        public IClusterApi Api => host.Clusters.Management;

        public async Task<IClusterApi> ClusterAsync(string name)
        {
            await SimulationHarness.ApplyAsync(Api, SimulatedManifests.Cluster(workers: 1, controlPlane: "Simulated").Replace("name: sim-md", $"name: {name}-md", StringComparison.Ordinal)
                .Replace("name: sim-cp", $"name: {name}-cp", StringComparison.Ordinal).Replace("name: sim-machine", $"name: {name}-machine", StringComparison.Ordinal)
                .Replace("name: sim-bigger", $"name: {name}-bigger", StringComparison.Ordinal).Replace("clusterName: sim", $"clusterName: {name}", StringComparison.Ordinal)
                .Replace("name: sim", $"name: {name}", StringComparison.Ordinal));
            var kind = Api.FindKind(new("cluster.x-k8s.io", "v1beta2", "Cluster"))!;
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!Api.Get(kind, new("default", name))!.IsTrue("Available"))
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
            return host.Clusters.Find($"default-{name}")!;
        }

        public HttpClient Client(X509Certificate2 certificate)
        {
            var handler = new SocketsHttpHandler();
            handler.SslOptions.ClientCertificates = [certificate];
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(host.CertificateAuthorityPath));
            return new HttpClient(handler) { BaseAddress = host.Address };
        }

        public async Task<HttpStatusCode> GetAsync(string path, X509Certificate2 certificate, TimeSpan? within = null)
        {
            using var client = Client(certificate);
            client.Timeout = within ?? TimeSpan.FromSeconds(30);
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
            return response.StatusCode;
        }

        public async ValueTask DisposeAsync()
        {
            await simulation.DisposeAsync();
            await host.DisposeAsync();
        }
    }
}
