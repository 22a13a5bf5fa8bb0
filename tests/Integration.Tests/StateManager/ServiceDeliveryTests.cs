using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>The life of a service, from ServiceTemplate to removal, with real helm.</summary>
public sealed class ServiceDeliveryTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>
{
    private static readonly ResourceKind Deployments = new("apps", "v1", "Deployment", "deployments", true);

    private static readonly ResourceKind ServiceSets = new("k0rdent.mirantis.com", "v1beta1", "ServiceSet", "servicesets", true);

    [Fact]
    public async Task A_service_is_installed_kept_repaired_upgraded_and_removed()
    {
        await environment.ApplyAsync(Template("nginx-1-0-0", "simple-nginx", "1.0.0"));
        var template = await StatusAsync("ServiceTemplate", "nginx-1-0-0", s => s?["valid"]?.GetValue<bool>() == true, "template valid");
        Assert.Equal("1.0.0", (string?)template["chartVersion"]);
        Assert.Equal(2, (int?)template["config"]?["replicaCount"]);
        Assert.Equal("schema-st-nginx-1-0-0", (string?)template["schemaConfigMapName"]);

        // Installed, healthy, Deployed.
        await environment.ApplyAsync(Set("prod", "replicaCount: 1"));
        var state = await ServiceAsync("prod", "Deployed");
        Assert.Equal("1.0.0", (string?)state["version"]);
        Assert.EndsWith("@1", (string?)state["lastDeployedHash"], StringComparison.Ordinal);
        Assert.Contains("nginx-web", await environment.HelmAsync("list", "-n", "applications-web"), StringComparison.Ordinal);

        // A restart of StateManager runs no helm.
        await environment.StopServiceAsync();
        await environment.StartServiceAsync();
        // On a slow machine it has looked twice before it is asked.
        const string Looks = "fleet_reconcile_outcomes_total{controller=\"serviceset\",outcome=\"done\"} ";
        await StateManagerEnvironment.EventuallyAsync(
            () => MetricsAsync(), m => m.Contains(Looks, StringComparison.Ordinal) && !m.Contains(Looks + "0\n", StringComparison.Ordinal), "first look");
        Assert.Contains("fleet_service_helm_runs_total{operation=\"upgrade\",outcome=\"ok\"} 0\n", await MetricsAsync(), StringComparison.Ordinal);
        Assert.EndsWith("@1", (string?)(await ServiceAsync("prod", "Deployed"))["lastDeployedHash"], StringComparison.Ordinal);

        // Somebody else's uninstall is noticed.
        await environment.HelmAsync("uninstall", "nginx-web", "-n", "applications-web");
        await StateManagerEnvironment.EventuallyAsync(
            () => environment.HelmAsync("list", "-n", "applications-web"), l => l.Contains("nginx-web", StringComparison.Ordinal), "installed again");
        await ServiceAsync("prod", "Deployed");

        // New values are an upgrade; a bad one fails with helm's words and leaves the release alone.
        await environment.ApplyAsync(Set("prod", "replicaCount: 2"));
        await StateManagerEnvironment.EventuallyAsync(ReplicasAsync, r => r == 2, "two replicas");
        await ServiceAsync("prod", "Deployed");
        await environment.ApplyAsync(Set("prod", "replicaCount: many"));
        var failed = await ServiceAsync("prod", "Failed");
        Assert.Contains("replicaCount", (string?)failed["failureMessage"], StringComparison.Ordinal);
        Assert.Equal(2, await ReplicasAsync());

        // Removed with the ServiceSet.
        await environment.Management.Dynamic(ServiceSets).DeleteAsync(new(StateManagerEnvironment.Namespace, "prod"), DeleteOptions.Background, Ct);
        await StateManagerEnvironment.EventuallyAsync(() => environment.GetAsync("ServiceSet", "prod"), s => s is null, "ServiceSet gone");
        Assert.DoesNotContain("nginx-web", await environment.HelmAsync("list", "-a", "-n", "applications-web"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_of_somebody_else_outlives_a_service_of_its_name_that_was_never_installed()
    {
        await environment.HelmAsync("install", "theirs", Path.Combine(Testing.TestLogs.RepositoryRoot, "deploy", "catalog", "charts", "simple-nginx"), "-n", "default");
        await environment.ApplyAsync(Template("nginx-2", "simple-nginx", "1.0.0"));
        await StatusAsync("ServiceTemplate", "nginx-2", s => s?["valid"]?.GetValue<bool>() == true, "template valid");

        await environment.ApplyAsync($$$"""
            {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ServiceSet","metadata":{"name":"wrong","namespace":"{{{StateManagerEnvironment.Namespace}}}"},
             "spec":{"cluster":"prod","provider":{},"services":[{"name":"theirs","namespace":"default","template":"nginx-2","values":"{{ .Nothing"}]}}
            """);
        await ServiceAsync("wrong", "Failed");
        await environment.DeleteSetAsync("wrong");

        Assert.Contains("theirs", await environment.HelmAsync("list", "-n", "default"), StringComparison.Ordinal);
        await environment.HelmAsync("uninstall", "theirs", "-n", "default");
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Template(string name, string chart, string version) => $$$"""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ServiceTemplate","metadata":{"name":"{{{name}}}","namespace":"{{{StateManagerEnvironment.Namespace}}}"},
         "spec":{"helm":{"chartSpec":{"chart":"{{{chart}}}","version":"{{{version}}}","sourceRef":{"kind":"HelmRepository","name":"charts"} } } } }
        """;

    private static string Set(string name, string values) => $$$"""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ServiceSet","metadata":{"name":"{{{name}}}","namespace":"{{{StateManagerEnvironment.Namespace}}}"},
         "spec":{"cluster":"prod","provider":{},"services":[
           {"name":"nginx-web","namespace":"applications-web","template":"nginx-1-0-0","values":"{{{values}}}"}]}}
        """;

    private async Task<JsonObject> StatusAsync(string kind, string name, Func<JsonObject?, bool> expected, string what) =>
        (JsonObject)(await StateManagerEnvironment.EventuallyAsync(
            () => environment.GetAsync(kind, name), o => expected(o?.At("status") as JsonObject), what))!.At("status")!;

    private async Task<JsonObject> ServiceAsync(string set, string state) =>
        (JsonObject)(await StatusAsync("ServiceSet", set, s => (string?)s?["services"]?[0]?["state"] == state, $"service {state}"))["services"]![0]!;

    private async Task<long?> ReplicasAsync()
    {
        var list = await environment.Managed.Dynamic(Deployments).ListAsync(new() { Namespace = "applications-web" }, Ct);
        return list.Items.Count == 0 ? null : (long?)list.Items[0].At("spec", "replicas");
    }

    private async Task<string> MetricsAsync()
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(environment.Address, "/metrics"), Ct);
    }
}
