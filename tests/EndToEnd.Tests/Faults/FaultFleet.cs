using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;

namespace Fleet.EndToEnd.Tests.Faults;

/// <summary>One running fleet and one chart repository, shared by the tests of a class, each in a namespace of its own.</summary>
public sealed class FaultFleet : IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly TemporaryFolder charts = new("charts");
    private IKubernetesClient? client;
    private HelmHttpRepository? repository;

    public Installation Fleet { get; } = new();

    public HelmHttpRepository Repository => repository ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        repository = await HelmHttpRepository.StartAsync();
        (await Fleet.FleetAsync("up")).MustSucceed();
        client = Connect(Fleet.Kubeconfig);
    }

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        await Fleet.DisposeAsync();
        if (repository is not null)
            await repository.DisposeAsync();
        charts.Dispose();
    }

    public static IKubernetesClient Connect(string kubeconfig) =>
        KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [kubeconfig] }), new KubernetesClientOptions { UserAgent = "fleet-tests" });

    public async Task<ProcessOutput> TryApplyAsync(string yaml, params string[] more) =>
        await ProcessOutput.RunAsync(RealParts.Kubectls[0].Path, ["--kubeconfig", Fleet.Kubeconfig, "apply", "-f", "-", .. more], input: yaml);

    public async Task ApplyAsync(string yaml) => (await TryApplyAsync(yaml)).MustSucceed();

    /// <summary>Reads the object until it is as wanted; past the deadline it fails with what was there last.</summary>
    public Task<DynamicObject> UntilAsync(string kind, string @namespace, string name, Func<DynamicObject, bool> isAsWanted, int seconds = 240) =>
        UntilAsync(client!, kind, @namespace, name, isAsWanted, seconds);

    public async Task<DynamicObject?> FindAsync(string kind, string @namespace, string name) =>
        await client!.Dynamic(await KindAsync(client!, kind)).GetAsync(new(@namespace, name), TestContext.Current.CancellationToken);

    public static async Task<DynamicObject> UntilAsync(
        IKubernetesClient client, string kind, string @namespace, string name, Func<DynamicObject, bool> isAsWanted, int seconds)
    {
        DynamicObject? last = null;
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(seconds))
        {
            last = await client.Dynamic(await KindAsync(client, kind)).GetAsync(new(@namespace, name), TestContext.Current.CancellationToken);
            if (last is not null && isAsWanted(last))
                return last;
            await Task.Delay(Interval, TimeProvider.System, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException($"{kind} {@namespace}/{name} was not as wanted within {seconds} s: {last?.Root.ToJsonString() ?? "it does not exist"}");
    }

    public static Task UntilAsync(Func<bool> isAsWanted, string what, int seconds = 180) =>
        UntilAsync(() => Task.FromResult(isAsWanted()), what, seconds);

    public static async Task UntilAsync(Func<Task<bool>> isAsWanted, string what, int seconds = 180, TimeSpan? pause = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isAsWanted())
        {
            if (TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(seconds))
                throw new TimeoutException($"Within {seconds} s it did not come about that {what}");
            await Task.Delay(pause ?? Interval, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public Task<DynamicObject> ReadyAsync(string @namespace, string name = "one") => UntilAsync("ClusterDeployment", @namespace, name, o => o.Is("Ready", "True"));

    /// <summary>A chart with these templates and values, in the shared repository (or another).</summary>
    public async Task PublishAsync(string chart, string version, string templates, string values = "", HelmHttpRepository? into = null)
    {
        var folder = $"{chart}-{version}-{Guid.NewGuid():N}/{chart}";
        charts.Write($"{folder}/Chart.yaml", $"apiVersion: v2\nname: {chart}\nversion: {version}\n");
        charts.Write($"{folder}/values.yaml", values);
        charts.Write($"{folder}/templates/all.yaml", templates);
        await (into ?? Repository).AddAsync(charts.File(folder));
    }

    /// <summary>A namespace with what simulated clusters need.</summary>
    public static string Team(string @namespace) => $$"""
        apiVersion: v1
        kind: Namespace
        metadata: { name: {{@namespace}} }
        ---
        apiVersion: v1
        kind: Secret
        metadata: { name: identity, namespace: {{@namespace}} }
        stringData: { token: made-up }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata: { name: simulated, namespace: {{@namespace}} }
        spec: { identityRef: { apiVersion: v1, kind: Secret, name: identity, namespace: {{@namespace}} } }
        ---

        """;

    /// <summary>Each namespace has an address of its own, so that no test meets an index that another one made Fleet remember.</summary>
    public string RepositoryObject(string @namespace, string name = "charts", Uri? address = null) => $$"""
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: { name: {{name}}, namespace: {{@namespace}} }
        spec: { url: "{{address ?? new Uri(Repository.Address, @namespace + "/")}}", interval: 10m }
        ---

        """;

    public static string ServiceTemplate(string @namespace, string chart, string version, string repository = "charts") => $$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ServiceTemplate
        metadata: { name: {{chart}}-{{version.Replace('.', '-')}}, namespace: {{@namespace}} }
        spec: { helm: { chartSpec: { chart: {{chart}}, version: {{version}}, sourceRef: { kind: HelmRepository, name: {{repository}} } } } }
        ---

        """;

    /// <param name="services">YAML in flow style, such as <c>{ name: a, template: a-1-0-0 }</c>.</param>
    public static string Cluster(string @namespace, string services = "", string name = "one", string template = "simulated-standalone-cp-0-1-0", string credential = "simulated") =>
        $$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: { name: {{name}}, namespace: {{@namespace}} }
        spec: { template: {{template}}, credential: {{credential}}, serviceSpec: { services: [{{services}}] } }
        ---

        """;

    private static async Task<ResourceKind> KindAsync(IKubernetesClient client, string kind) =>
        (kind switch
        {
            "Secret" or "ConfigMap" => await client.FindKindAsync(new("", "v1", kind), TestContext.Current.CancellationToken),
            "SveltosCluster" => await client.FindKindAsync(new("lib.projectsveltos.io", "v1beta1", kind), TestContext.Current.CancellationToken),
            _ => await client.FindKindAsync(new("k0rdent.mirantis.com", "v1beta1", kind), TestContext.Current.CancellationToken),
        }) ?? throw new InvalidOperationException($"the management API has no {kind}");
}
