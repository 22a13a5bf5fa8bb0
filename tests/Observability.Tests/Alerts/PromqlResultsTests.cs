using Fleet.Contracts.Alerts;
using Fleet.Observability.Alerts.Sources;
using Fleet.Observability.Query.Prometheus;
using Fleet.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Observability.Tests.Alerts;

/// <summary>Rules by PromQL against a real VictoriaMetrics.</summary>
public sealed class PromqlResultsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tenant_sees_series_of_its_own_clusters_and_the_system_all()
    {
        await using var store = await MetricsStore.StartVictoriaMetricsAsync();
        using var client = new HttpClient();
        // VictoriaMetrics does not show what is younger than 30 s.
        var time = TimeProvider.System.GetUtcNow().AddMinutes(-1).ToUnixTimeMilliseconds();
        var samples = $"memory_ratio{{cluster=\"web\",clusterNamespace=\"team-a\"}} 0.95 {time}\nmemory_ratio{{cluster=\"db\",clusterNamespace=\"team-b\"}} 0.5 {time}\n";
        (await client.PostAsync(new Uri(store.WriteAddress, "/api/v1/import/prometheus"), new StringContent(samples), Cancel)).EnsureSuccessStatusCode();
        await store.WaitForAsync("memory_ratio", 2, TimeSpan.FromSeconds(30));
        await using var services = new ServiceCollection().AddSingleton(new MetricsQueries(new MetricsQueryOptions { Address = new Uri(store.WriteAddress, "/") })).BuildServiceProvider();
        var source = new PromqlResults(services);

        Assert.Equal([("db", 0.5), ("web", 0.95)], await AskAsync(source, "memory_ratio", "kcm-system", isSystem: true));
        Assert.Equal([("web", 0.95)], await AskAsync(source, "memory_ratio", "team-a", isSystem: false));
        // An aggregation does not reach beyond either.
        Assert.Equal([("", 1)], await AskAsync(source, "count(memory_ratio)", "team-a", isSystem: false));
        Assert.Equal([("", 2)], await AskAsync(source, "count(memory_ratio)", "kcm-system", isSystem: true));
        Assert.Equal([("", 42)], await AskAsync(source, "scalar(vector(42))", "team-a", isSystem: false));
        await Assert.ThrowsAsync<AlertSourceException>(() => AskAsync(source, "memory_ratio{", "team-a", isSystem: false));
        await store.StopAsync();
        // No answer is no empty answer.
        await Assert.ThrowsAsync<AlertSourceException>(() => AskAsync(source, "memory_ratio", "team-a", isSystem: false));
    }

    [Fact]
    public async Task Without_a_store_the_rule_says_so()
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        Assert.True((await Assert.ThrowsAsync<AlertSourceException>(() => AskAsync(new(services), "up", "team-a", isSystem: false))).IsMissing);
    }

    private static async Task<IEnumerable<(string, double)>> AskAsync(PromqlResults source, string expression, string @namespace, bool isSystem)
    {
        var rule = new AlertRuleEntry { Alert = "A", Promql = new() { Expr = expression } };
        var found = await source.AskAsync(new(new(@namespace, "r", "A"), rule, new Dictionary<Kubernetes.Objects.ObjectKey, AlertedCluster>(), isSystem, TimeProvider.System.GetUtcNow()), Cancel);
        return found.Select(sample => (sample.Labels.GetValueOrDefault("cluster") ?? "", sample.Value)).Order();
    }
}
