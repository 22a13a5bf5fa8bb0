using Fleet.Helm.Versions;
using Fleet.Integration.Tests.StateManager;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.Catalog;

/// <summary>Our own charts of services, each by its template of the catalog, with both helms: installed into a simulated cluster, and doing there what they are for.</summary>
public abstract class ServiceChartTests(StateManagerEnvironment environment)
{
    private const string Services = """
        [{"name":"web","namespace":"shop","template":"web-0-1-0","values":"ingress: {host: shop.example.com}\nautoscaling: {minReplicas: 3}"},
         {"name":"job","namespace":"shop","template":"job-runner-0-1-0"},
         {"name":"gadget","namespace":"shop","template":"gadgets-0-1-0","values":"size: 7"}]
        """;

    [Fact]
    public async Task Every_chart_is_deployed_and_does_what_it_is_for()
    {
        await using var repository = await HelmHttpRepository.StartAsync();
        foreach (var template in KubernetesYaml.ReadAll(await File.ReadAllTextAsync(Path.Combine(CatalogSource.Services, "fleet.yaml"), Ct)))
        {
            template["metadata"]!["namespace"] = StateManagerEnvironment.Namespace;
            await repository.AddAsync(Path.Combine(CatalogSource.Charts, (string)template["spec"]!["helm"]!["chartSpec"]!["chart"]!));
            await environment.ApplyAsync(template);
        }
        await environment.ApplyAsync($$$"""
            {"apiVersion":"source.toolkit.fluxcd.io/v1","kind":"HelmRepository","metadata":{"name":"kcm-templates","namespace":"{{{StateManagerEnvironment.Namespace}}}"},
             "spec":{"url":"{{{repository.Address}}}"} }
            """);
        await ApplySetAsync(Services);
        foreach (var name in (string[])["web", "job", "gadget"])
            await environment.ServiceAsync("catalog", name, "Deployed");

        // The autoscaler has set what the Deployment leaves open, and the budget counts those pods.
        await UntilAsync("apps/v1", "Deployment", "web", o => (int?)o?.At("status", "availableReplicas") >= 3, "three replicas");
        await UntilAsync("policy/v1", "PodDisruptionBudget", "web", o => (int?)o?.At("status", "disruptionsAllowed") == 1, "one disruption allowed");
        await UntilAsync("networking.k8s.io/v1", "Ingress", "web", o => (string?)o?.At("spec", "rules")?[0]?["host"] == "shop.example.com", "its host");

        // The hook has run and gone; the Job has run to its end.
        var job = Assert.Single(await ListAsync("batch/v1", "Job"));
        Assert.StartsWith("job-", job.Metadata.Name, StringComparison.Ordinal);
        Assert.Equal(1, (int?)job.At("status", "succeeded"));
        Assert.Equal(7, (int?)(await UntilAsync("catalog.fleet.example/v1", "Gadget", "gadget", o => o is not null, "made"))!.At("spec", "size"));

        // Other values make another Job, since pods of a Job cannot be changed; the one before goes.
        await ApplySetAsync(Services.Replace("\"template\":\"job-runner-0-1-0\"", "\"template\":\"job-runner-0-1-0\",\"values\":\"run: echo again\"", StringComparison.Ordinal));
        await StateManagerEnvironment.EventuallyAsync(
            async () => await ListAsync("batch/v1", "Job"),
            jobs => jobs is [var only] && only.Metadata.Name != job.Metadata.Name && (int?)only.At("status", "succeeded") == 1, "another Job");
        await environment.ServiceAsync("catalog", "job", "Deployed");

        // With the release goes everything but the definition, with which all Gadgets of the cluster would go.
        await environment.DeleteSetAsync("catalog");
        await StateManagerEnvironment.EventuallyAsync(() => ListAsync("catalog.fleet.example/v1", "Gadget"), gadgets => gadgets.Count == 0, "no Gadget");
        Assert.Empty(await ListAsync("apps/v1", "Deployment"));
        Assert.Empty(await ListAsync("batch/v1", "Job"));
    }

    /// <summary>kube-apiserver 1.20, unless a newer one is tested against: then there is nothing to refuse, and pods that nobody runs.</summary>
    [Fact]
    public async Task The_web_chart_says_from_which_Kubernetes_on_it_runs_and_leaves_an_older_cluster_alone()
    {
        var server = await ApiServers.SharedAsync("kube-apiserver");
        var kubeconfig = await File.ReadAllTextAsync(server.KubeconfigPath, Ct);
        await environment.SetKubeconfigAsync("old", kubeconfig);
        var name = $"old-{Guid.NewGuid():N}"[..12];
        await environment.AddChartAsync(Path.Combine(CatalogSource.Charts, "web"));
        var template = ServiceManifests.Template("web-of-charts", "0.1.0");
        template["spec"]!["helm"]!["chartSpec"]!["chart"] = "web";
        await environment.ApplyAsync(template);
        var service = ServiceManifests.Service("web");
        (service["template"], service["namespace"]) = ("web-of-charts", name);
        await environment.ApplyAsync(ServiceManifests.Set(name, "old", service));

        using var cluster = KubernetesClient.Create(KubeConfig.Parse(kubeconfig, "test").Endpoint());
        var deployments = new ResourceKind("apps", "v1", "Deployment", "deployments", true);
        if (VersionRange.TryParse(">=1.23.0-0")!.Contains(SemanticVersion.TryParse(server.Version)!))
        {
            await environment.ServiceAsync(name, "web", "Provisioning");
            Assert.NotNull(await cluster.Dynamic(deployments).GetAsync(new(name, "web"), Ct));
        }
        else
        {
            var failed = await environment.ServiceAsync(name, "web", "Failed");
            Assert.Contains("chart requires kubeVersion: >=1.23.0-0", (string?)failed["failureMessage"], StringComparison.Ordinal);
            Assert.Null(await cluster.Dynamic(deployments).GetAsync(new(name, "web"), Ct));
        }
        await environment.DeleteSetAsync(name);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Task ApplySetAsync(string services) => environment.ApplyAsync($$$"""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ServiceSet","metadata":{"name":"catalog","namespace":"{{{StateManagerEnvironment.Namespace}}}"},
         "spec":{"cluster":"prod","provider":{},"services":{{{services.ReplaceLineEndings("")}}}}}
        """);

    private async Task<DynamicObject?> UntilAsync(string apiVersion, string kind, string name, Func<DynamicObject?, bool> expected, string what) =>
        await StateManagerEnvironment.EventuallyAsync(async () => (await ListAsync(apiVersion, kind)).FirstOrDefault(o => o.Metadata.Name == name), expected, $"{kind} {name}: {what}");

    private async Task<IReadOnlyList<DynamicObject>> ListAsync(string apiVersion, string kind)
    {
        var found = await environment.Managed.FindKindAsync(GroupVersionKind.Parse(apiVersion, kind), Ct);
        return [.. (await environment.Managed.Dynamic(found!).ListAsync(new() { Namespace = "shop" }, Ct)).Items];
    }
}

public sealed class ServiceChartsHelm3Tests(StateManagerEnvironment environment) : ServiceChartTests(environment), IClassFixture<StateManagerEnvironment>;

public sealed class ServiceChartsHelm4Tests(Helm4Environment environment) : ServiceChartTests(environment), IClassFixture<Helm4Environment>;
