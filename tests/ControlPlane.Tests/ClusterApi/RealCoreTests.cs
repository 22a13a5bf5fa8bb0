using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Defaults;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Tests.Simulation;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing;
using Fleet.Testing.Processes;

namespace Fleet.ControlPlane.Tests.ClusterApi;

/// <summary>
/// The real Cluster API core manager drives our providers: <c>FLEET_CAPI_CORE</c> names its program, <c>FLEET_CAPI_CRDS</c> the folder with its CRDs
/// (<c>core/config/crd/bases</c> of its source). docs/guides/real-capi-core.md tells how to get both.
/// </summary>
public sealed class RealCoreTests
{
    [Fact]
    public async Task The_real_core_makes_scales_upgrades_and_deletes_a_cluster_with_our_providers()
    {
        await using var real = await RealAsync();
        var (api, core) = (real.Api, real.Core);
        await SimulationHarness.ApplyAsync(api, SimulatedManifests.Cluster(controlPlanes: 1, workers: 2));
        await UntilAsync(core, () => Get(api, "Cluster", "sim")?.IsTrue("Available") == true, "Cluster is Available", () => Get(api, "Cluster", "sim"));
        Assert.Equal(3, real.Workload!.List(CoreKinds.Node).Count);
        Assert.All(All(api, "Machine"), m => Assert.True(m.IsTrue("Ready")));

        await ChangeAsync(api, "MachineDeployment", "sim-md", d => d.Ensure("spec").Put("replicas", 3));
        await UntilAsync(core, () => All(api, "Machine").Count(m => m.IsTrue("Ready")) == 4, "a third worker", () => Get(api, "Cluster", "sim"));

        await ChangeAsync(api, "KubeadmControlPlane", "sim-cp", c => c.Ensure("spec").Put("version", "v1.34.0"));
        await UntilAsync(core, () => Get(api, "KubeadmControlPlane", "sim-cp")?.Text("status", "version") == "v1.34.0", "control plane upgraded", () => Get(api, "KubeadmControlPlane", "sim-cp"));
        await ChangeAsync(api, "MachineDeployment", "sim-md", d => d.Ensure("spec", "template", "spec").Put("version", "v1.34.0"));
        await UntilAsync(core, () => All(api, "Machine") is { Count: 4 } machines && machines.All(m => m.IsTrue("Ready") && m.Text("spec", "version") == "v1.34.0"), "workers upgraded",
            () => Get(api, "MachineDeployment", "sim-md"));

        await api.DeleteAsync(Kind(api, "Cluster"), new("default", "sim"), new(), CancellationToken.None);
        await UntilAsync(core, () => Get(api, "Cluster", "sim") is null, "Cluster gone", () => Get(api, "Cluster", "sim"));
        Assert.Empty(All(api, "SimulatedMachine"));
        Assert.Null(real.Workload);
    }

    [Fact]
    public async Task The_real_core_follows_a_provider_of_the_older_version_and_its_failures()
    {
        await using var real = await RealAsync();
        var (api, core) = (real.Api, real.Core);
        var azure = ProviderKinds.Standalone.Single(p => p.Prefix == "Azure");
        await SimulationHarness.ApplyAsync(api, ProviderKinds.StandaloneYaml("Azure", azure.Cluster, azure.Machine, "v1beta1"));
        await ChangeAsync(api, "AzureCluster", "sim", c => c.Ensure("metadata", "annotations").Put(SimulationAnnotations.Fail, "no address space left"));
        await UntilAsync(core, () => Get(api, "Cluster", "sim")?.FindCondition("InfrastructureReady")?.Text("message")?.Contains("no address space left", StringComparison.Ordinal) == true,
            "the failure is mirrored", () => Get(api, "Cluster", "sim"));
        await ChangeAsync(api, "AzureCluster", "sim", c => c.Ensure("metadata", "annotations").Put(SimulationAnnotations.Fail, null));
        await UntilAsync(core, () => Get(api, "Cluster", "sim")!.IsTrue("Available"), "Cluster is Available", () => Get(api, "Cluster", "sim"));
        Assert.All(real.Workload!.List(CoreKinds.Node), n => Assert.StartsWith(azure.ProviderId, n.Text("spec", "providerID")));
    }

    [Fact]
    public async Task The_real_core_takes_a_hosted_control_plane_and_a_machine_pool()
    {
        await using var real = await RealAsync();
        var (api, core) = (real.Api, real.Core);
        var managed = ProviderKinds.Managed.Single(p => p.ControlPlane == "K0smotronControlPlane");
        await SimulationHarness.ApplyAsync(api, ProviderKinds.ManagedYaml(managed.Cluster, managed.ControlPlaneGroup, managed.ControlPlane, managed.Pool, _ => "v1beta2")
            .Replace("bootstrap: {dataSecretName: \"\"}", "bootstrap: {dataSecretName: none}", StringComparison.Ordinal));
        await UntilAsync(core, () => Get(api, "Cluster", "sim")?.IsTrue("Available") == true && Get(api, "MachinePool", "sim-pool")?.Number("status", "readyReplicas") == 2,
            "Cluster with a pool is Available", () => Get(api, "MachinePool", "sim-pool"));
        await ChangeAsync(api, "MachinePool", "sim-pool", p => p.Ensure("spec").Put("replicas", 3));
        await UntilAsync(core, () => Get(api, "MachinePool", "sim-pool")?.Number("status", "readyReplicas") == 3, "a third instance", () => Get(api, "MachinePool", "sim-pool"));
        await api.DeleteAsync(Kind(api, "Cluster"), new("default", "sim"), new(), CancellationToken.None);
        await UntilAsync(core, () => Get(api, "Cluster", "sim") is null, "Cluster gone", () => Get(api, "Cluster", "sim"));
    }

    private static async Task<Real> RealAsync()
    {
        var (program, definitions) = (Environment.GetEnvironmentVariable("FLEET_CAPI_CORE"), Environment.GetEnvironmentVariable("FLEET_CAPI_CRDS"));
        Assert.SkipWhen(string.IsNullOrEmpty(program) || string.IsNullOrEmpty(definitions),
            "FLEET_CAPI_CORE and FLEET_CAPI_CRDS do not name a real Cluster API core and its CRDs; the contracts are tested without one");
        var host = await ControlPlaneHost.StartAsync(new ControlPlaneOptions { Admission = [new ClusterApiDefaults()] });
        var simulation = await FleetSimulation.StartAsync(host.Clusters, new() { CapiCore = CapiCoreMode.External }, TimeProvider.System, null, CancellationToken.None);
        await InstallAsync(host.Clusters.Management, definitions!);
        var folder = new TemporaryFolder("capi-core");
        return new(host, simulation, folder, await StartCoreAsync(program!, host.KubeconfigPath, folder));
    }

    private sealed record Real(ControlPlaneHost Host, FleetSimulation Simulation, TemporaryFolder Folder, ServerProcess Core) : IAsyncDisposable
    {
        public IClusterApi Api => Host.Clusters.Management;

        public IClusterApi? Workload => Host.Clusters.Find("default-sim");

        public async ValueTask DisposeAsync()
        {
            await Core.DisposeAsync();
            await Simulation.DisposeAsync();
            await Host.DisposeAsync();
            Folder.Dispose();
        }
    }

    /// <summary>The real definitions take the place of ours, with our contract labels.</summary>
    private static async Task InstallAsync(IClusterApi api, string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal))
        {
            var crd = KubernetesYaml.Parse(await File.ReadAllTextAsync(file))!.AsObject();
            var kind = CoreKinds.CustomResourceDefinition;
            if (api.Get(kind, crd.KeyOf()) is null)
                await api.CreateAsync(kind, crd, CancellationToken.None);
            else
                await api.ChangeAsync(kind, crd.KeyOf(), seen => seen.Put("spec", crd["spec"]!.DeepClone()), status: false, CancellationToken.None);
        }
    }

    private static async Task<ServerProcess> StartCoreAsync(string program, string kubeconfig, TemporaryFolder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var certificates = Path.GetDirectoryName(folder.Write("tls.crt", certificate.ExportCertificatePem()))!;
        folder.Write("tls.key", key.ExportECPrivateKeyPem());
        return await ServerProcess.StartAsync("capi-core", program,
        [
            "--kubeconfig", kubeconfig, "--webhook-cert-dir", certificates, "--webhook-port", Port(), "--health-addr", $"127.0.0.1:{Port()}",
            "--diagnostics-address", "127.0.0.1:0", "--insecure-diagnostics", "--skip-crd-migration-phases=StorageVersionMigration,CleanupManagedFields", "-v", "2",
        ], new Dictionary<string, string?> { ["POD_NAMESPACE"] = "default", ["POD_NAME"] = "capi-core", ["POD_UID"] = "0" });
    }

    private static string Port()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task UntilAsync(ServerProcess core, Func<bool> state, string what, Func<JsonObject?> shown)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!state())
        {
            if (core.HasExited || TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromMinutes(4))
                Assert.Fail($"never came true: {what}{(core.HasExited ? " (the core has ended)" : "")}; its log is {core.LogPath}\n{shown()?["status"]}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    private static ResourceKind Kind(IClusterApi api, string kind) => new[] { "cluster.x-k8s.io", "controlplane.cluster.x-k8s.io", "infrastructure.cluster.x-k8s.io" }
        .SelectMany(g => new[] { "v1beta2", "v1beta1" }.Select(v => api.FindKind(new(g, v, kind)))).OfType<ResourceKind>().First();

    private static JsonObject? Get(IClusterApi api, string kind, string name) => api.Get(Kind(api, kind), new("default", name));

    private static IReadOnlyList<JsonObject> All(IClusterApi api, string kind) => api.List(Kind(api, kind));

    private static async Task ChangeAsync(IClusterApi api, string kind, string name, Func<JsonObject, bool> change) =>
        await api.ChangeAsync(Kind(api, kind), new("default", name), change, status: false, CancellationToken.None);
}
