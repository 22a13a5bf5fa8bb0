using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Helm.Catalog;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using static Fleet.Integration.Tests.ClusterManager.ProviderCatalog;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>A Management on a real and on the embedded API server, without any simulation: what the Cluster API operator would say, the test says.</summary>
public sealed class ManagementServersTests
{
    private static readonly ResourceKind Managements = FleetKinds.Managements.Kind;

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task It_follows_the_operator_mends_what_is_deleted_starts_no_helm_in_vain_and_cleans_up(string server)
    {
        await using var environment = await TemplateEnvironment.StartAsync(server);
        using var folder = new TemporaryFolder("providers");
        await using var charts = await ServeAsync(folder.File("charts"));
        await environment.ApplyAsync(string.Join("\n---\n", Definition("CoreProvider"), Definition("InfrastructureProvider")));
        foreach (var kind in (ResourceKind[])[CoreProviders, InfrastructureProviders])
            await ManagementCluster.UntilAsync(() => environment.Client.FindKindAsync(kind.GroupVersionKind, CancellationToken.None), found => found is not null, _ => "not served");
        await environment.ApplyAsync(Manifests(charts.Urls.First()));

        await UntilErrorAsync(environment, "capi", "CoreProvider kcm-system/cluster-api: the operator is installing it");
        await UntilErrorAsync(environment, Simulated, "waits for capi");
        await SayAsync(environment, CoreProviders, "cluster-api", "True", "");
        await UntilErrorAsync(environment, Simulated, "InfrastructureProvider kcm-system/simulated: the operator is installing it");
        await SayAsync(environment, InfrastructureProviders, "simulated", "False", "no such version");
        await UntilErrorAsync(environment, Simulated, "InfrastructureProvider kcm-system/simulated: Ready: no such version");
        await SayAsync(environment, InfrastructureProviders, "simulated", "True", "");
        await UntilReadyAsync(environment);

        // A manager that starts anew finds everything as it should be.
        var revisions = await RevisionsAsync(environment);
        await environment.StopManagerAsync();
        await environment.Client.Dynamic(Managements).PatchAsync(
            ObjectKey.Cluster("kcm"), Patch.Merge(new() { ["status"] = new JsonObject { ["observedGeneration"] = 0 } }), new() { Subresource = "status" }, CancellationToken.None);
        await environment.StartManagerAsync();
        await UntilReadyAsync(environment);
        Assert.Equal(revisions, await RevisionsAsync(environment));

        await environment.DeleteAsync(InfrastructureProviders, "kcm-system", "simulated");
        await environment.UntilAsync(InfrastructureProviders, "kcm-system", "simulated", seen => seen is not null && !seen.Metadata.IsBeingDeleted && seen.At("status") is null);
        await SayAsync(environment, InfrastructureProviders, "simulated", "True", "");
        await UntilReadyAsync(environment);

        await environment.DeleteAsync(Managements, "", "kcm");
        await ManagementCluster.UntilAsync(
            () => environment.Client.Dynamic(CoreKinds.Definitions).ListAsync(ListOptions.All, CancellationToken.None),
            left => left.Items.All(item => (string?)item.At("spec", "group") == "source.toolkit.fluxcd.io"),
            left => string.Join(", ", left.Items.Select(item => item.Key.Name)));
        Assert.Empty((await environment.Client.Dynamic(CoreKinds.Secrets).ListAsync(new() { LabelSelector = "owner=helm" }, CancellationToken.None)).Items);
    }

    private static Task UntilReadyAsync(TemplateEnvironment environment) => environment.UntilAsync(
        Managements, "", "kcm",
        seen => (string?)seen?.At("status", "release") == "fleet-0-1-0" && (long?)seen?.At("status", "observedGeneration") == seen?.Metadata.Generation
            && (string?)(seen?.At("status", "conditions") as JsonArray)?.FirstOrDefault(c => (string?)c?["type"] == "Ready")?["reason"] == "AllComponentsHealthy");

    private static Task UntilErrorAsync(TemplateEnvironment environment, string component, string error) =>
        environment.UntilAsync(Managements, "", "kcm", seen => (string?)seen?.At("status", "components", component, "error") == error);

    private static Task SayAsync(TemplateEnvironment environment, ResourceKind kind, string name, string ready, string message) => environment.Client.Dynamic(kind).PatchAsync(
        new("kcm-system", name),
        Patch.Merge(new() { ["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = ready, ["message"] = message }) } }),
        new() { Subresource = "status" }, CancellationToken.None);

    private static async Task<IReadOnlyList<string>> RevisionsAsync(TemplateEnvironment environment) =>
        [.. (await environment.Client.Dynamic(CoreKinds.Secrets).ListAsync(new() { LabelSelector = "owner=helm" }, CancellationToken.None)).Items
            .Select(secret => $"{secret.Metadata.Labels!["name"]} {secret.Metadata.Labels["version"]}").Order(StringComparer.Ordinal)];

    private static async Task<WebApplication> ServeAsync(string folder)
    {
        await CatalogFolder.PublishAsync(ManagementCluster.RepositoryFile("deploy", "catalog", "charts"), folder, CancellationToken.None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        web.MapHelmRepository("/charts", folder);
        await web.StartAsync();
        return web;
    }

    private static string Definition(string kind) => $$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: {{kind.ToLowerInvariant()}}s.operator.cluster.x-k8s.io, labels: {cluster.x-k8s.io/provider: cluster-api-operator} }
        spec:
          group: operator.cluster.x-k8s.io
          scope: Namespaced
          names: {plural: {{kind.ToLowerInvariant()}}s, singular: {{kind.ToLowerInvariant()}}, kind: {{kind}} }
          versions:
          - name: v1alpha2
            served: true
            storage: true
            subresources: {status: {} }
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true} }
        """;

    private static string Manifests(string url) => $$"""
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: {name: kcm-templates, namespace: kcm-system}
        spec: {url: "{{url}}/charts", interval: 10m}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Management
        metadata: {name: kcm}
        spec:
          release: fleet-0-1-0
          providers: [{name: {{Simulated}} }]
          cleanup: {k0rdentCRDs: true, capiProviderCRDs: true}
        ---
        """ + "\n" + File.ReadAllText(ManagementCluster.RepositoryFile("deploy", "catalog", "providers", "release.yaml"));
}
