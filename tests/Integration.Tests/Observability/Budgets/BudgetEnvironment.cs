using System.Text.Json.Nodes;
using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;
using Fleet.Cost.Idle;
using Fleet.Cost.Pricing;
using Fleet.Integration.Tests.StateManager;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Observability.Anomalies;
using Fleet.Observability.Budgets;
using Fleet.Observability.Costs;
using Fleet.Observability.Costs.Summary;
using Fleet.Observability.Days;
using Fleet.Observability.Ledger;
using Fleet.Observability.Recommendations;
using Fleet.Observability.Recommendations.Storage;
using Fleet.Observability.Teams;
using Fleet.Observability.Teams.Categories;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Grains;
using Fleet.Testing.Servers;
using Fleet.Testing.Time;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Integration.Tests.Observability.Budgets;

/// <summary>Observability without its collection: a ledger that the test writes, an embedded management API, and a clock that stands at noon of 15 November 2026.</summary>
public sealed class BudgetEnvironment : IAsyncLifetime
{
    public const string Namespace = "team-a";

    private EmbeddedApiServer server = null!;
    private KubernetesClient management = null!;
    private PrivatePostgres postgres = null!;
    private ObservabilityHost? host;

    public ManualTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 15, 12, 0, 0, TimeSpan.Zero));

    public HttpClient Rest => host!.Http;

    internal DayWake Days => host!.Services.GetRequiredService<DayWake>();

    internal IServiceProvider Services => host!.Services;

    public async ValueTask InitializeAsync()
    {
        server = await EmbeddedApiServer.StartAsync();
        management = KubernetesClient.Create(KubeConfig.Parse(await File.ReadAllTextAsync(server.KubeconfigPath), "test").Endpoint());
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "Fleet.sln")))
            root = root.Parent;
        foreach (var kind in new[] { "budgets", "clusterdeployments", "costcategories", "pricesheets" })
            foreach (var definition in KubernetesYaml.ReadAll(await File.ReadAllTextAsync(Path.Combine(root.FullName, "deploy", "crds", $"k0rdent.mirantis.com_{kind}.yaml"))))
                await ApplyAsync(definition);
        foreach (var name in new[] { Namespace, "team-b", "kcm-system" })
            await ApplyAsync($$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{name}}}"} }""");
        postgres = await PrivatePostgres.StartAsync();
        await StartAsync();
    }

    public async Task StartAsync()
    {
        host = await ObservabilityHost.StartAsync(
            management, postgres.ConnectionString, () => TokenAsync("operator"),
            services =>
            {
                services.AddSingleton<LedgerConnections>();
                services.AddSingleton<LedgerPartitions>();
                services.AddSingleton<LedgerWriter>();
                services.AddSingleton<LedgerReader>();
                services.AddSingleton(new RecommendationOptions());
                services.AddSingleton<RecommendationStore>();
                services.AddSingleton<OpenSavings>();
                services.AddBudgets(new());
            },
            application => application.MapCosts().MapSummary().MapBudgets().MapAnomalies().MapShowback().MapCategories(), Clock);
    }

    /// <summary>How PostgreSQL is reached.</summary>
    public string Database => postgres.ConnectionString;

    public async Task StopAsync()
    {
        if (host is not null)
            await host.DisposeAsync();
        host = null;
    }

    public Task KillDatabaseAsync() => postgres.KillAsync();

    public Task StartDatabaseAsync() => postgres.StartServerAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await postgres.DisposeAsync();
        management.Dispose();
        await server.DisposeAsync();
    }

    public Task ApplyAsync(string json) => ApplyAsync((JsonObject)JsonNode.Parse(json)!);

    public Task BudgetAsync(string @namespace, string name, string spec) =>
        ApplyAsync($$$"""{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"Budget","metadata":{"name":"{{{name}}}","namespace":"{{{@namespace}}}"},"spec":{{{spec}}} }""");

    public async Task CategoryAsync(string @namespace, string name, string spec)
    {
        await ApplyAsync($$$"""{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"CostCategory","metadata":{"name":"{{{name}}}","namespace":"{{{@namespace}}}"},"spec":{{{spec}}} }""");
        await StateManagerEnvironment.EventuallyAsync(
            async () => (await (await KindAsync("k0rdent.mirantis.com/v1beta1", "CostCategory")).GetAsync(new ObjectKey(@namespace, name), default))?.Root is { } root
                && (long?)root["status"]?["observedGeneration"] == (long?)root["metadata"]!["generation"] && root["status"]!["period"] is not null ? root["status"] as JsonObject : null,
            status => status is not null, $"CostCategory {name}");
    }

    public async Task<JsonObject> CategoryAsync(string @namespace, string name) =>
        (JsonObject)(await (await KindAsync("k0rdent.mirantis.com/v1beta1", "CostCategory")).GetAsync(new ObjectKey(@namespace, name), default))!.Root["status"]!;

    public Task ClusterAsync(string @namespace, string name) =>
        ApplyAsync($$$"""{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"{{{name}}}","namespace":"{{{@namespace}}}"},"spec":{"template":"any"} }""");

    public async Task<JsonObject?> BudgetAsync(string @namespace, string name) =>
        (await (await KindAsync("k0rdent.mirantis.com/v1beta1", "Budget")).GetAsync(new ObjectKey(@namespace, name), default))?.Root;

    /// <summary>The budget once its status is as expected.</summary>
    public async Task<JsonObject> StatusAsync(string @namespace, string name, Func<JsonObject, bool> expected, string what) => (JsonObject)(await StateManagerEnvironment.EventuallyAsync(
        async () => (await BudgetAsync(@namespace, name))?["status"] as JsonObject, status => status is not null && expected(status), $"Budget {name} {what}"))!;

    public static string ConditionOf(JsonObject status, string type) =>
        (status["conditions"] as JsonArray ?? []).FirstOrDefault(one => (string?)one!["type"] == type) is { } condition ? $"{condition["status"]} {condition["reason"]}" : "";

    public async Task<IReadOnlyList<DynamicObject>> ListAsync(string apiVersion, string kind, string @namespace) =>
        (await (await KindAsync(apiVersion, kind)).ListAsync(new() { Namespace = @namespace }, default)).Items;

    public async Task DeleteBudgetAsync(string @namespace, string name) =>
        await (await KindAsync("k0rdent.mirantis.com/v1beta1", "Budget")).DeleteAsync(new ObjectKey(@namespace, name), DeleteOptions.Background, default);

    /// <summary>A token of a ServiceAccount: <c>operator</c> may do everything, any other nothing but what the test grants.</summary>
    public async Task<string> TokenAsync(string user)
    {
        await ApplyAsync($$$"""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"{{{user}}}","namespace":"{{{Namespace}}}"} }""");
        await ApplyAsync($$$"""
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"operator"},
             "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"},
             "subjects":[{"kind":"ServiceAccount","name":"operator","namespace":"{{{Namespace}}}"}]}
            """);
        var answer = await management.Dynamic(new("", "v1", "ServiceAccount", "serviceaccounts", Namespaced: true)).CreateSubresourceAsync(
            new(Namespace, user), "token",
            new() { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenRequest", ["spec"] = new JsonObject { ["expirationSeconds"] = 3600 } }, default);
        return (string)answer["status"]!["token"]!;
    }

    /// <summary>Days of a cluster in the ledger: one node at 24 a day, of which its workloads pay what is said.</summary>
    public async Task SpendAsync(string cluster, DateOnly first, int days, Func<DateOnly, IReadOnlyDictionary<string, double>> costs, string currency = "EUR", MissingPrice missing = MissingPrice.None, int hours = 24)
    {
        var priced = new List<PricedCluster>();
        for (var day = first; day < first.AddDays(days); day = day.AddDays(1))
            priced.Add(Day(cluster, new(day, TimeOnly.MinValue, TimeSpan.Zero), costs(day), currency, missing));
        await Services.GetRequiredService<LedgerWriter>().AddAsync(
            new($"uid-{cluster}", cluster, priced[^1].Assets.Window.Start.AddHours(hours), priced, [.. priced.Select(hour => new HourCoverage(hour.Assets.Window.Start, 3600, 0))], [])
            {
                Owner = KnownOwner.OfCosts(Namespace, cluster),
            },
            default);
    }

    /// <summary>All of a day in its first hour, which is enough for whoever looks at days.</summary>
    private static PricedCluster Day(string cluster, DateTimeOffset day, IReadOnlyDictionary<string, double> costs, string currency, MissingPrice missing)
    {
        var hour = new QueryWindow(day, day.AddHours(1));
        var assets = new AssetSet(hour, currency)
        {
            Nodes = [new() { Cluster = cluster, Name = "node", Start = hour.Start, End = hour.End, CpuCoreHours = 24, CpuCost = 24 }],
        };
        var workloads = new AllocationSet(hour, costs.Select(cost => new Allocation
        {
            Name = $"{cluster}/{cost.Key}/web/app",
            Properties = new() { Cluster = cluster, Node = "node", Namespace = cost.Key, ControllerKind = "deployment", Controller = "web", Pod = "web", Container = "app", Labels = new Dictionary<string, string> { ["team"] = $"{cost.Key}-team" } },
            Window = hour, Start = hour.Start, End = hour.End, MissingPrice = missing,
            Cpu = new() { Hours = cost.Value, RequestAverage = cost.Value, UsageAverage = cost.Value / 2, Cost = cost.Value },
        }), currency);
        var idle = IdleCalculator.Of(assets, workloads, byNode: true);
        return new(assets, workloads, idle, Cost.Invariant.CostInvariant.Check(assets, workloads, idle));
    }

    private async Task ApplyAsync(JsonObject manifest) =>
        await (await KindAsync((string)manifest["apiVersion"]!, (string)manifest["kind"]!)).ApplyAsync(manifest, new ApplyOptions("test") { Force = true }, default);

    private async Task<IResourceClient<DynamicObject>> KindAsync(string apiVersion, string kind)
    {
        var wanted = GroupVersionKind.Parse(apiVersion, kind);
        return management.Dynamic((await StateManagerEnvironment.EventuallyAsync(async () => await management.FindKindAsync(wanted, default), found => found is not null, $"kind {wanted}"))!);
    }
}
