using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.EndToEnd.Tests.Faults;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;

namespace Fleet.EndToEnd.Tests;

/// <summary>
/// Replicas of ClusterManager and StateManager as processes over a real kube-apiserver, and clusters that they look after. The definitions and templates are those of the chart,
/// installed by helm.
/// </summary>
internal sealed class ReplicaFleet : IAsyncDisposable
{
    private const string System = "kcm-system";

    private readonly TemporaryFolder folder = new("replica-fleet");
    private readonly Dictionary<string, (ServerProcess Process, Uri Address)> running = [];
    private RealApiServer? management;
    private EmbeddedApiServer? managed;
    private PrivatePostgres? postgres;
    private HelmHttpRepository? charts;

    public IReadOnlyList<string> Clusters { get; } = [.. Enumerable.Range(0, 6).Select(i => $"c{i}")];

    public string Kubeconfig => management!.KubeconfigPath;

    public static async Task<ReplicaFleet> StartAsync()
    {
        var fleet = new ReplicaFleet { management = await RealApiServer.StartAsync(), managed = await EmbeddedApiServer.StartAsync(), postgres = await PrivatePostgres.StartAsync(), charts = await HelmHttpRepository.StartAsync() };
        var deploy = Path.Combine(TestLogs.RepositoryRoot, "deploy");
        foreach (var chart in (string[])["adopted-cluster", "simple-nginx"])
            await fleet.charts.AddAsync(Path.Combine(deploy, "catalog", "charts", chart));
        (await ProcessOutput.RunAsync(
            RealParts.Helm3.Path,
            ["install", "fleet", Path.Combine(deploy, "helm", "fleet"), "-n", System, "--create-namespace", "--disable-openapi-validation", "--kubeconfig", fleet.Kubeconfig,
                "--set", $"clusterManager.webhook=false,tls.enabled=false,catalog.url={fleet.charts.Address}"],
            timeout: TimeSpan.FromMinutes(2))).MustSucceed();
        fleet.folder.Write("connection", fleet.postgres.ConnectionString);
        return fleet;
    }

    /// <param name="service"><c>cluster-manager</c> or <c>state-manager</c>.</param>
    /// <param name="name">Of the replica.</param>
    public async Task StartReplicaAsync(string service, string name)
    {
        var (replica, port) = ($"{service}-{name}", FreePort.Next());
        var address = new Uri($"http://127.0.0.1:{port}");
        Directory.CreateDirectory(folder.File($"{replica}-secrets"));
        string[] own = service == "cluster-manager"
            ? [$"--data={folder.File($"{replica}-data")}", $"--secrets={folder.File($"{replica}-secrets")}"]
            : [$"--StateManager:Folder={folder.File($"{replica}-data")}", $"--StateManager:SecretsFolder={folder.File($"{replica}-secrets")}"];
        var process = await ServerProcess.StartAsync(
            $"fleet-{replica}", "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, service == "cluster-manager" ? "Fleet.ClusterManager.dll" : "Fleet.StateManager.dll"), $"--urls={address}",
                $"--replica={replica}", $"--replica-namespace={System}", "--replica-address=127.0.0.1", $"--postgres={folder.File("connection")}", .. own,
            ],
            new Dictionary<string, string?> { ["KUBECONFIG"] = Kubeconfig, ["FLEET_HELM"] = RealParts.Helm3.Path, ["FLEET_KUBECTL"] = RealParts.Kubectls[0].Path });
        running[replica] = (process, address);
    }

    public async Task ReadyAsync(params string[] replicas)
    {
        using var http = new HttpClient();
        foreach (var replica in replicas)
            await running[replica].Process.WaitUntilAsync(async ct => (await http.GetAsync(new Uri(running[replica].Address, "readyz"), ct)).IsSuccessStatusCode, TimeSpan.FromSeconds(90));
    }

    /// <summary>KILL, STOP, CONT or TERM, to the process alone: helms that it has started live on.</summary>
    public async Task SignalAsync(string signal, params string[] replicas)
    {
        foreach (var replica in replicas)
        {
            using var kill = Process.Start("kill", [$"-{signal}", running[replica].Process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, kill.ExitCode);
        }
    }

    public bool HasEnded(string replica) => running[replica].Process.HasExited;

    /// <summary>A name of its own for each cluster, and a credential that leads to it.</summary>
    public async Task DeclareAsync()
    {
        var yaml = new StringBuilder(Team);
        foreach (var cluster in Clusters)
        {
            await managed!.Simulation.StartClusterAsync(cluster, nodes: 1, TestContext.Current.CancellationToken);
            File.WriteAllText(folder.File($"{cluster}.kubeconfig"), managed.Host.Clusters.AdminKubeconfig(cluster));
            yaml.Append(CultureInfo.InvariantCulture, $$"""
                ---
                apiVersion: v1
                kind: Secret
                metadata: { name: {{cluster}}-source, namespace: team }
                data: { value: {{Convert.ToBase64String(Encoding.UTF8.GetBytes(managed.Host.Clusters.AdminKubeconfig(cluster)))}} }
                ---
                apiVersion: k0rdent.mirantis.com/v1beta1
                kind: Credential
                metadata: { name: {{cluster}}, namespace: team }
                spec: { identityRef: { apiVersion: v1, kind: Secret, name: {{cluster}}-source, namespace: team } }
                ---
                apiVersion: k0rdent.mirantis.com/v1beta1
                kind: ClusterDeployment
                metadata: { name: {{cluster}}, namespace: team }
                spec:
                  template: adopted-cluster-0-1-0
                  credential: {{cluster}}
                  serviceSpec:
                    services: [{ name: web, namespace: web, template: web-1-0-0, values: "replicaCount: 1" }]

                """);
        }
        (await ProcessOutput.RunAsync(RealParts.Kubectls[0].Path, ["--kubeconfig", Kubeconfig, "apply", "-f", "-"], input: yaml.ToString())).MustSucceed();
    }

    /// <summary>Wants another number of pods of the service, in every cluster.</summary>
    public async Task WantAsync(int pods)
    {
        foreach (var cluster in Clusters)
            await KubectlAsync(
                Kubeconfig, "patch", "cld", cluster, "-n", "team", "--type=json", "-p", $$"""[{"op":"replace","path":"/spec/serviceSpec/services/0/values","value":"replicaCount: {{pods}}"}]""");
    }

    /// <summary>Until every cluster has them, and says so.</summary>
    public async Task UntilTheyHaveAsync(int pods, int seconds = 120)
    {
        foreach (var cluster in Clusters)
        {
            await FaultFleet.UntilAsync(
                async () => (await DeploymentAsync(cluster))?["spec"]?["replicas"]?.GetValue<int>() == pods, $"{cluster} has {pods} pods of the service", seconds, TimeSpan.FromMilliseconds(300));
            await KubectlAsync(Kubeconfig, "wait", "--for=jsonpath={.status.services[0].state}=Deployed", $"cld/{cluster}", "-n", "team", "--timeout=120s");
            await KubectlAsync(Kubeconfig, "wait", "--for=condition=Ready", $"cld/{cluster}", "-n", "team", "--timeout=120s");
        }
    }

    public async Task<JsonNode?> DeploymentAsync(string cluster)
    {
        var answer = await ProcessOutput.RunAsync(RealParts.Kubectls[0].Path, ["--kubeconfig", folder.File($"{cluster}.kubeconfig"), "get", "deployments", "-n", "web", "-o", "json"]);
        return JsonNode.Parse(answer.MustSucceed().Out)!["items"]!.AsArray().SingleOrDefault();
    }

    /// <summary>What each revision of the service's release wanted, and how it ended, in the order of Helm's own records.</summary>
    public async Task<List<(int Revision, string Status, int Pods)>> RevisionsAsync(string cluster)
    {
        var kubeconfig = folder.File($"{cluster}.kubeconfig");
        var history = JsonNode.Parse((await ProcessOutput.RunAsync(RealParts.Helm3.Path, ["history", "web", "-n", "web", "-o", "json", "--kubeconfig", kubeconfig])).MustSucceed().Out)!.AsArray();
        var found = new List<(int, string, int)>();
        foreach (var one in history)
        {
            var revision = (int)one!["revision"]!;
            var values = JsonNode.Parse((await ProcessOutput.RunAsync(
                RealParts.Helm3.Path, ["get", "values", "web", "-n", "web", "--revision", $"{revision}", "-o", "json", "--kubeconfig", kubeconfig])).MustSucceed().Out)!;
            found.Add((revision, (string)one["status"]!, (int)values["replicaCount"]!));
        }
        return found;
    }

    /// <summary>Who holds it; null when it is gone.</summary>
    public async Task<string?> LeaseAsync(string name) =>
        await KubectlAsync(Kubeconfig, "get", "lease", name, "-n", System, "--ignore-not-found", "-o", "jsonpath={.spec.holderIdentity}") is { Length: > 0 } holder ? holder : null;

    /// <summary>Names of the clusters that a replica of the ClusterManager tells of.</summary>
    public async Task<List<string>> ToldByAsync(string replica)
    {
        using var http = new HttpClient { BaseAddress = running[replica].Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await KubectlAsync(Kubeconfig, "create", "token", "reader", "-n", "team"));
        var answer = JsonNode.Parse(await http.GetStringAsync(new Uri("/api/v1/clusters?namespace=team", UriKind.Relative), TestContext.Current.CancellationToken))!;
        return [.. answer["items"]!.AsArray().Select(item => (string)item!["name"]!).Order(StringComparer.Ordinal)];
    }

    /// <summary>The value of a metric of a replica, added up over its series.</summary>
    public async Task<double> MetricAsync(string replica, string name)
    {
        using var http = new HttpClient { BaseAddress = running[replica].Address };
        var text = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        var series = text.Split('\n').Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(series);
        return series.Sum(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (process, _) in running.Values)
            await process.DisposeAsync();
        if (management is not null)
            await management.DisposeAsync();
        if (managed is not null)
            await managed.DisposeAsync();
        if (charts is not null)
            await charts.DisposeAsync();
        if (postgres is not null)
            await postgres.DisposeAsync();
        folder.Dispose();
    }

    private static async Task<string> KubectlAsync(string kubeconfig, params string[] arguments) =>
        (await ProcessOutput.RunAsync(RealParts.Kubectls[0].Path, ["--kubeconfig", kubeconfig, .. arguments], timeout: TimeSpan.FromMinutes(3))).MustSucceed().Out.Trim();

    private const string Team = """
        apiVersion: v1
        kind: Namespace
        metadata: { name: team }
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: reader, namespace: team }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: reader, namespace: team }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: kcm-namespace-viewer-role }
        subjects: [{ kind: ServiceAccount, name: reader, namespace: team }]
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ServiceTemplate
        metadata: { name: web-1-0-0, namespace: team }
        spec:
          helm:
            chartSpec: { chart: simple-nginx, version: 1.0.0, sourceRef: { kind: HelmRepository, name: kcm-templates, namespace: kcm-system } }

        """;
}
