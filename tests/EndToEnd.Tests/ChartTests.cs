using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.EndToEnd.Tests.Faults;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;

namespace Fleet.EndToEnd.Tests;

/// <summary>
/// The chart of Fleet, installed by real helm into a real kube-apiserver. Pods do not run there, so the three services are started as processes: with the arguments of
/// the chart's Deployments, and tokens of its ServiceAccounts. That they get ready and look after a cluster proves that their rights suffice.
/// </summary>
public sealed class ChartTests
{
    private const string Namespace = "kcm-system";

    private static readonly string Chart = Path.Combine(TestLogs.RepositoryRoot, "deploy", "helm", "fleet");

    [Fact]
    public async Task The_chart_is_accepted_and_its_services_do_their_work_with_the_rights_that_it_gives()
    {
        await using var management = await RealApiServer.StartAsync();
        await using var postgres = await PrivatePostgres.StartAsync();
        await using var managed = await EmbeddedApiServer.StartAsync();
        await managed.Simulation.StartClusterAsync("managed", nodes: 2, TestContext.Current.CancellationToken);
        using var folder = new TemporaryFolder("chart");
        var ports = new Dictionary<string, int> { ["cluster-manager"] = FreePort.Next(), ["state-manager"] = FreePort.Next(), ["observability"] = FreePort.Next() };

        // The webhook stays out: nothing leads from this API server to a Service, so that every write would be refused. No name of a Service means anything here either:
        // helm fetches charts from an address of this machine, beside the one with TLS.
        var charts = FreePort.Next();
        (await HelmAsync(management, "install", "fleet", Chart, "-n", Namespace, "--create-namespace", "--disable-openapi-validation",
            "--set", $"clusterManager.webhook=false,catalog.url=http://127.0.0.1:{charts}/charts")).MustSucceed();
        // A second time changes nothing: above all not the password of the database, nor certificates whose time has not come.
        var password = await KubectlAsync(management, "get", "secret", "fleet-database", "-n", Namespace, "-o", "jsonpath={.data.password}");
        var certificates = await CertificatesAsync(management);
        Assert.Equal(5, certificates.Values.Distinct().Count());
        await KubectlAsync(management, "annotate", "secret", "fleet-gateway-tls", "-n", Namespace, "--overwrite", "fleet/renew-after=1");
        (await HelmAsync(management, "upgrade", "fleet", Chart, "-n", Namespace, "--disable-openapi-validation", "--no-hooks", "--reuse-values",
            "--set", "catalog.enabled=true,clusterManager.webhook=false")).MustSucceed();
        Assert.Equal(password, await KubectlAsync(management, "get", "secret", "fleet-database", "-n", Namespace, "-o", "jsonpath={.data.password}"));
        Assert.True(Convert.FromBase64String(password).Length >= 32);
        var afterwards = await CertificatesAsync(management);
        Assert.Equal(["gateway"], afterwards.Where(part => part.Value != certificates[part.Key]).Select(part => part.Key));
        await RightsAreFewAsync(management);

        var kubeconfig = await KubectlAsync(management, "get", "configmap", "fleet-kubeconfig", "-n", Namespace, "-o", "jsonpath={.data.kubeconfig}");
        var trusted = Encoding.UTF8.GetString(Convert.FromBase64String(await KubectlAsync(management, "get", "secret", "fleet-authority", "-n", Namespace, "-o", "jsonpath={.data.ca\\.crt}")));
        var connection = folder.Write("connection", postgres.ConnectionString);
        var started = await Task.WhenAll(ports.Keys.Select(ServiceAsync));
        await using var clusters = started[0];
        await using var services = started[1];
        await using var observability = started[2];
        foreach (var (process, port) in started.Zip(ports.Values))
            await ReadyAsync(process, port, trusted);

        var access = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(managed.Host.Clusters.AdminKubeconfig("managed")));
        (await ProcessOutput.RunAsync(RealParts.Kubectls[0].Path, ["--kubeconfig", management.KubeconfigPath, "apply", "-f", folder.Write("team.yaml", Team(access))])).MustSucceed();
        await KubectlAsync(management, "wait", "--for=condition=Ready", "cld/adopted", "-n", "team", "--timeout=60s");
        await KubectlAsync(management, "wait", "--for=jsonpath={.status.services[0].state}=Deployed", "cld/adopted", "-n", "team", "--timeout=60s");
        // An event that may not be written fails nothing, so it has to be looked for.
        foreach (var service in (string[])["cluster-manager", "state-manager"])
            await FaultFleet.UntilAsync(
                async () => (await KubectlAsync(management, "get", "events.events.k8s.io", "-n", "team", "-o", "jsonpath={.items[*].reportingController}")).Split(' ').Contains($"fleet-{service}"), $"events of {service}");
        await KubectlAsync(management, "delete", "cld", "adopted", "-n", "team", "--timeout=60s");

        // Each has its Lease and its table, by the rights that the chart gives for that.
        foreach (var service in ports.Keys)
        {
            Assert.StartsWith($"fleet-{service}-0_", await KubectlAsync(management, "get", "lease", $"fleet-{service}-0", "-n", Namespace, "-o", "jsonpath={.spec.holderIdentity}"), StringComparison.Ordinal);
            await KubectlAsync(management, "get", "configmap", $"fleet-{service}-owners", "-n", Namespace);
        }
        foreach (var process in started)
            Assert.DoesNotContain("is forbidden", await LogAsync(process), StringComparison.Ordinal);

        async Task<ServerProcess> ServiceAsync(string service)
        {
            var token = folder.Write($"{service}.token", (await KubectlAsync(management, "create", "token", $"fleet-{service}", "-n", Namespace)).Trim());
            var authority = KubernetesYaml.ReadAll(await File.ReadAllTextAsync(management.KubeconfigPath))
                .Select(config => (string)config["clusters"]![0]!["cluster"]!["certificate-authority-data"]!).Single();
            var config = folder.Write($"{service}.kubeconfig", kubeconfig
                .Replace("https://kubernetes.default.svc", management.Server.ToString().TrimEnd('/'), StringComparison.Ordinal)
                .Replace("certificate-authority: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt", $"certificate-authority-data: {authority}", StringComparison.Ordinal)
                .Replace("/var/run/secrets/kubernetes.io/serviceaccount/token", token, StringComparison.Ordinal));
            var deployment = JsonNode.Parse(await KubectlAsync(management, "get", "deployment", $"fleet-{service}", "-n", Namespace, "-o", "json"))!;
            var program = string.Concat(service.Split('-').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
            var deploy = Path.Combine(TestLogs.RepositoryRoot, "deploy");
            string[] arguments = [.. deployment["spec"]!["template"]!["spec"]!["containers"]![0]!["args"]!.AsArray().Select(argument => ((string)argument!)
                .Replace("/etc/fleet/tls", folder.File($"{service}-tls"), StringComparison.Ordinal)
                .Replace("/etc/fleet/database/connection", connection, StringComparison.Ordinal)
                .Replace("/var/lib/fleet", folder.File($"{service}-data"), StringComparison.Ordinal)
                .Replace("/run/fleet", folder.File($"{service}-secrets"), StringComparison.Ordinal)
                .Replace("/app/deploy", deploy, StringComparison.Ordinal)
                // What the kubelet puts in. Pods have addresses of their own; here a free port stands for one.
                .Replace("$(POD_NAME)", $"fleet-{service}-0", StringComparison.Ordinal)
                .Replace("$(POD_IP)", "127.0.0.1", StringComparison.Ordinal)
                .Replace("--replica-port=8090", $"--replica-port={FreePort.Next()}", StringComparison.Ordinal))];
            Assert.StartsWith("--urls=https://+:", arguments[0], StringComparison.Ordinal);
            arguments[0] = $"--urls=https://127.0.0.1:{ports[service]}" + (service == "cluster-manager" ? $";http://127.0.0.1:{charts}" : "");
            var secret = JsonNode.Parse(await KubectlAsync(management, "get", "secret", $"fleet-{service}-tls", "-n", Namespace, "-o", "json"))!["data"]!.AsObject();
            foreach (var (file, content) in secret)
                folder.Write($"{service}-tls/{file}", Encoding.UTF8.GetString(Convert.FromBase64String((string)content!)));
            Directory.CreateDirectory(folder.File($"{service}-secrets"));
            return await ServerProcess.StartAsync(
                $"fleet-{service}", "dotnet",
                [Path.Combine(AppContext.BaseDirectory, $"Fleet.{program}.dll"), .. arguments, .. service == "cluster-manager" ? new[] { $"--catalog={deploy}/catalog/charts" } : []],
                new Dictionary<string, string?> { ["KUBECONFIG"] = config, ["FLEET_HELM"] = RealParts.Helm3.Path, ["FLEET_KUBECTL"] = RealParts.Kubectls[0].Path });
        }
    }

    private static async Task RightsAreFewAsync(RealApiServer management)
    {
        using var client = FaultFleet.Connect(management.KubeconfigPath);
        foreach (var (service, may, mayNot) in new[]
        {
            ("cluster-manager", (string[])["create secrets", "patch clusterdeployments.k0rdent.mirantis.com/status", "create tokenreviews.authentication.k8s.io"],
                (string[])["create clusterrolebindings", "get nodes", "create pods", "delete namespaces", "impersonate users"]),
            ("state-manager", ["get secrets", "create servicesets.k0rdent.mirantis.com"],
                ["create secrets", "delete secrets", "patch clusterdeployments.k0rdent.mirantis.com", "create clusterrolebindings", "create pods"]),
            ("observability", ["get secrets", "create events.events.k8s.io"],
                ["delete secrets", "delete clusterdeployments.k0rdent.mirantis.com", "create servicesets.k0rdent.mirantis.com", "create pods", "create clusterroles"]),
        })
        {
            foreach (var right in may)
                Assert.True(await MayAsync(service, right), $"{service} must be able to {right}");
            foreach (var right in mayNot)
                Assert.False(await MayAsync(service, right), $"{service} need not be able to {right}");
        }

        async Task<bool> MayAsync(string service, string right)
        {
            var (verb, resource) = (right.Split(' ')[0], right.Split(' ')[1].Split('/'));
            var name = resource[0].Split('.', 2);
            var review = await client.Dynamic(new ResourceKind("authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", Namespaced: false)).CreateAsync(
                new(new JsonObject
                {
                    ["apiVersion"] = "authorization.k8s.io/v1",
                    ["kind"] = "SubjectAccessReview",
                    ["spec"] = new JsonObject
                    {
                        ["user"] = $"system:serviceaccount:{Namespace}:fleet-{service}",
                        ["resourceAttributes"] = new JsonObject
                        {
                            ["verb"] = verb, ["resource"] = name[0], ["group"] = name.ElementAtOrDefault(1) ?? "", ["subresource"] = resource.ElementAtOrDefault(1) ?? "",
                        },
                    },
                }), TestContext.Current.CancellationToken);
            return (bool?)review.At("status", "allowed") == true;
        }
    }

    private static async Task<Dictionary<string, string>> CertificatesAsync(RealApiServer management)
    {
        var found = new Dictionary<string, string>();
        foreach (var part in (string[])["cluster-manager", "state-manager", "observability", "gateway", "postgresql"])
            found[part] = await KubectlAsync(management, "get", "secret", $"fleet-{part}-tls", "-n", Namespace, "-o", "jsonpath={.data.tls\\.crt}");
        return found;
    }

    /// <summary>By the name of its Service and the chart's own authority, as the gateway asks.</summary>
    private static async Task ReadyAsync(ServerProcess process, int port, string authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(authority);
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new() { CertificateChainPolicy = policy },
            ConnectCallback = async (_, ct) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        var address = new Uri($"https://{process.Name}.{Namespace}.svc:{port}");
        try
        {
            await process.WaitUntilAsync(async ct => (await http.GetAsync(new Uri(address, "readyz"), ct)).IsSuccessStatusCode, TimeSpan.FromSeconds(60));
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{process.Name}: {await http.GetStringAsync(new Uri(address, "livez"))}\n{await LogAsync(process)}", e);
        }
    }

    private static async Task<string> LogAsync(ServerProcess process)
    {
        await using var log = new FileStream(process.LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(log);
        return await reader.ReadToEndAsync();
    }

    private static async Task<string> KubectlAsync(RealApiServer server, params string[] arguments) =>
        (await ProcessOutput.RunAsync(RealParts.Kubectls[0].Path, ["--kubeconfig", server.KubeconfigPath, .. arguments], timeout: TimeSpan.FromMinutes(2))).MustSucceed().Out;

    private static Task<ProcessOutput> HelmAsync(RealApiServer server, params string[] arguments) =>
        ProcessOutput.RunAsync(RealParts.Helm3.Path, [.. arguments, "--kubeconfig", server.KubeconfigPath], timeout: TimeSpan.FromMinutes(2));

    private static string Team(string kubeconfigBase64) => $$"""
        apiVersion: v1
        kind: Namespace
        metadata: { name: team }
        ---
        apiVersion: v1
        kind: Secret
        metadata: { name: adopted-kubeconfig-source, namespace: team }
        data: { value: {{kubeconfigBase64}} }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata: { name: adopted, namespace: team }
        spec:
          identityRef: { apiVersion: v1, kind: Secret, name: adopted-kubeconfig-source, namespace: team }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ServiceTemplate
        metadata: { name: web-1-0-0, namespace: team }
        spec:
          helm:
            chartSpec:
              chart: simple-nginx
              version: 1.0.0
              sourceRef: { kind: HelmRepository, name: kcm-templates, namespace: kcm-system }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: { name: adopted, namespace: team }
        spec:
          template: adopted-cluster-0-1-0
          credential: adopted
          serviceSpec:
            services:
              - { name: web, namespace: web, template: web-1-0-0 }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Budget
        metadata: { name: all, namespace: team }
        spec: { amount: 100, currency: EUR, period: Monthly }
        """;
}
