using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
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

    /// <param name="build">Whose chart is installed; null: the present one.</param>
    public static async Task<ReplicaFleet> StartAsync(FleetBuild? build = null)
    {
        var fleet = new ReplicaFleet { management = await RealApiServer.StartAsync(), managed = await EmbeddedApiServer.StartAsync(), postgres = await PrivatePostgres.StartAsync(), charts = await HelmHttpRepository.StartAsync() };
        var deploy = (build ?? FleetBuild.Present).Deploy;
        foreach (var chart in (string[])["adopted-cluster", "simple-nginx"])
            await fleet.charts.AddAsync(Path.Combine(deploy, "catalog", "charts", chart));
        (await ProcessOutput.RunAsync(
            RealParts.Helm3.Path,
            ["install", "fleet", Path.Combine(deploy, "helm", "fleet"), "-n", System, "--create-namespace", "--disable-openapi-validation", "--kubeconfig", fleet.Kubeconfig,
                "--set", $"clusterManager.webhook=false,tls.enabled=false,catalog.url={fleet.charts.Address}"],
            timeout: TimeSpan.FromMinutes(2))).MustSucceed();
        fleet.folder.Write("connection", fleet.postgres.ConnectionString);
        fleet.WriteHelm();
        return fleet;
    }

    /// <summary>From now on each helm that writes waits for four seconds before it begins: longer than it takes others to get the clusters of a manager that is killed.</summary>
    public void SlowHelmDown() => folder.Write("slow", "");

    public void LetHelmRun() => File.Delete(folder.File("slow"));

    private void WriteHelm()
    {
        folder.Write("helm", $"""
            #!/bin/sh
            case " $* " in *" upgrade "*|*" install "*) [ ! -e '{folder.File("slow")}' ] || sleep 4 ;; esac
            exec '{RealParts.Helm3.Path}' "$@"

            """);
        File.SetUnixFileMode(folder.File("helm"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>What an upgrade of the chart does before pods are replaced: the definitions are those of the new version, then the objects. Nobody runs its Deployments here.</summary>
    public async Task UpgradeChartAsync(FleetBuild build)
    {
        // The Job applies them by server-side apply, which the API server of the tests refuses: it is older than CEL rules.
        var definitions = Path.Combine(build.Deploy, "crds");
        await ProcessOutput.RunAsync(RealParts.Kubectls[0].Path, ["--kubeconfig", Kubeconfig, "create", "--validate=false", "-f", definitions]);
        await KubectlAsync(Kubeconfig, "replace", "--validate=false", "-f", definitions);
        (await ProcessOutput.RunAsync(
            RealParts.Helm3.Path,
            ["upgrade", "fleet", Path.Combine(build.Deploy, "helm", "fleet"), "-n", System, "--reuse-values", "--no-hooks", "--disable-openapi-validation", "--kubeconfig", Kubeconfig],
            timeout: TimeSpan.FromMinutes(2))).MustSucceed();
    }

    /// <param name="service"><c>cluster-manager</c> or <c>state-manager</c>.</param>
    /// <param name="name">Of the replica.</param>
    /// <param name="build">Whose program it is; null: the present one.</param>
    public async Task StartReplicaAsync(string service, string name, FleetBuild? build = null)
    {
        build ??= FleetBuild.Present;
        var (replica, port) = ($"{service}-{name}", FreePort.Next());
        var address = new Uri($"http://127.0.0.1:{port}");
        Directory.CreateDirectory(folder.File($"{replica}-secrets"));
        string[] own = service == "cluster-manager"
            ? [$"--data={folder.File($"{replica}-data")}", $"--secrets={folder.File($"{replica}-secrets")}"]
            : [$"--StateManager:Folder={folder.File($"{replica}-data")}", $"--StateManager:SecretsFolder={folder.File($"{replica}-secrets")}"];
        var process = await ServerProcess.StartAsync(
            $"fleet-{replica}", "dotnet",
            [
                service == "cluster-manager" ? build.ClusterManager : build.StateManager, $"--urls={address}",
                $"--replica={replica}", $"--replica-namespace={System}", "--replica-address=127.0.0.1", $"--postgres={folder.File("connection")}", .. own,
            ],
            new Dictionary<string, string?> { ["KUBECONFIG"] = Kubeconfig, ["FLEET_HELM"] = folder.File("helm"), ["FLEET_KUBECTL"] = RealParts.Kubectls[0].Path });
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
        var records = JsonNode.Parse(await KubectlAsync(folder.File($"{cluster}.kubeconfig"), "get", "secrets", "-n", "web", "-l", "owner=helm,name=web", "-o", "json"))!["items"]!.AsArray();
        var found = new List<(int Revision, string Status, int Pods)>();
        foreach (var record in records)
        {
            // As Helm keeps it: compressed, in base64, and once more as the data of a Secret.
            var packed = Convert.FromBase64String(Encoding.ASCII.GetString(Convert.FromBase64String((string)record!["data"]!["release"]!)));
            await using var unpacked = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
            var release = (await JsonNode.ParseAsync(unpacked))!;
            found.Add(((int)release["version"]!, (string)release["info"]!["status"]!, (int)release["config"]!["replicaCount"]!));
        }
        return [.. found.OrderBy(one => one.Revision)];
    }

    /// <summary>What must not be made anew, and no release be run again of: objects by uid, and the records of the clusters' own releases.</summary>
    public async Task<IReadOnlyList<string>> IdentitiesAsync()
    {
        var found = new List<string>();
        foreach (var kinds in (string[])["clusterdeployments,servicesets,credentials,servicetemplates", "secrets -l owner=helm"])
        {
            var items = JsonNode.Parse(await KubectlAsync(Kubeconfig, ["get", .. kinds.Split(' '), "-n", "team", "-o", "json"]))!["items"]!.AsArray();
            found.AddRange(items.Select(item => $"{item!["kind"]} {item["metadata"]!["name"]} {item["metadata"]!["uid"]} {item["metadata"]!["labels"]?["status"]}"));
        }
        foreach (var cluster in Clusters)
            found.Add($"{cluster}: web {(await DeploymentAsync(cluster))!["metadata"]!["uid"]}");
        return [.. found.Order(StringComparer.Ordinal)];
    }

    /// <summary>Who holds it; null when it is gone.</summary>
    public async Task<string?> LeaseAsync(string name) =>
        await KubectlAsync(Kubeconfig, "get", "lease", name, "-n", System, "--ignore-not-found", "-o", "jsonpath={.spec.holderIdentity}") is { Length: > 0 } holder ? holder : null;

    /// <summary>Names of the clusters that a replica of the ClusterManager tells of.</summary>
    public async Task<List<string>> ToldByAsync(string replica) =>
        [.. (await ListAsync(replica, "clusters")).Select(item => (string)item!["name"]!).Order(StringComparer.Ordinal)];

    /// <summary>What a replica answers to somebody who may look: <c>clusters</c>, <c>service-templates</c> … of a ClusterManager, <c>services</c> of a StateManager.</summary>
    public async Task<JsonArray> ListAsync(string replica, string list)
    {
        using var http = new HttpClient { BaseAddress = running[replica].Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await KubectlAsync(Kubeconfig, "create", "token", "reader", "-n", "team"));
        return JsonNode.Parse(await http.GetStringAsync(new Uri($"/api/v1/{list}?namespace=team", UriKind.Relative), TestContext.Current.CancellationToken))!["items"]!.AsArray();
    }

    /// <summary>Somebody who may look and follows the changes, at these replicas one after the other.</summary>
    public async Task<ChangeReader> FollowAsync(params string[] replicas) =>
        new([.. replicas.Select(replica => running[replica].Address)], await KubectlAsync(Kubeconfig, "create", "token", "reader", "-n", "team"));

    /// <summary>What a replica has logged, also one that has ended.</summary>
    public string LogOf(string replica)
    {
        using var reader = new StreamReader(new FileStream(running[replica].Process.LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
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
