using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.ClusterManager;
using Fleet.Contracts.Components;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>The catalog's provider charts as Releases, and what tests ask about the Management that uses them.</summary>
internal static class ProviderCatalog
{
    public const string Simulated = "cluster-api-provider-simulated";
    public const string Kubeadm = "cluster-api-provider-kubeadm";

    public static readonly ResourceKind InfrastructureProviders = new("operator.cluster.x-k8s.io", "v1alpha2", "InfrastructureProvider", "infrastructureproviders", Namespaced: true);
    public static readonly ResourceKind CoreProviders = new("operator.cluster.x-k8s.io", "v1alpha2", "CoreProvider", "coreproviders", Namespaced: true);

    private static readonly ObjectKey Key = ObjectKey.Cluster(ManagementSpec.SingletonName);

    private static readonly string[] Charts = ["cluster-api", Kubeadm, Simulated];

    public static async Task<ManagementCluster> StartAsync(Func<ClusterManagerOptions, ClusterManagerOptions>? configure = null)
    {
        var management = await ManagementCluster.StartAsync(configure);
        await management.ServeCatalogAsync();
        return management;
    }

    /// <summary>The Release of the catalog, with all its ProviderTemplates.</summary>
    public static async Task ApplyReleaseAsync(this ManagementCluster management) =>
        await management.ApplyAsync(await File.ReadAllTextAsync(ManagementCluster.RepositoryFile("deploy", "catalog", "providers", "release.yaml")));

    /// <summary>Another version of the core, kubeadm and simulated providers.</summary>
    /// <param name="management">Where.</param>
    /// <param name="version">Version of the charts and of the Release.</param>
    /// <param name="change">Changes the folder of a chart's copy; called with its name.</param>
    public static async Task ApplyReleaseAsync(this ManagementCluster management, string version, Action<string, string>? change = null)
    {
        var dashed = version.Replace('.', '-');
        await management.ServeChartsAsync($"providers-{dashed}", Charts, (chart, folder) =>
        {
            var file = Path.Combine(folder, "Chart.yaml");
            File.WriteAllText(file, Regex.Replace(File.ReadAllText(file), "^version: .*$", $"version: {version}", RegexOptions.Multiline));
            var values = Path.Combine(folder, "values.yaml");
            File.WriteAllText(values, Regex.Replace(File.ReadAllText(values), "^version: .*$", $"version: v{version}", RegexOptions.Multiline));
            change?.Invoke(chart, folder);
        });
        foreach (var chart in Charts)
            await management.ApplyAsync($$"""
                apiVersion: k0rdent.mirantis.com/v1beta1
                kind: ProviderTemplate
                metadata: {name: {{chart}}-{{dashed}}}
                spec: {helm: {chartSpec: {chart: {{chart}}, version: {{version}}, sourceRef: {kind: HelmRepository, name: providers-{{dashed}} } } } }
                """);
        await management.ApplyAsync($$"""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: Release
            metadata: {name: fleet-{{dashed}}}
            spec:
              version: {{version}}
              kcm: {template: fleet-0-1-0}
              capi: {template: cluster-api-{{dashed}}}
              providers:
              - {name: {{Kubeadm}}, template: {{Kubeadm}}-{{dashed}}}
              - {name: {{Simulated}}, template: {{Simulated}}-{{dashed}}}
            """);
    }

    /// <param name="management">Where.</param>
    /// <param name="release">Name of the Release.</param>
    /// <param name="providers">Names of providers.</param>
    public static Task ApplyManagementAsync(this ManagementCluster management, string release, params string[] providers) => management.ApplyAsync(
        $"{{apiVersion: k0rdent.mirantis.com/v1beta1, kind: Management, metadata: {{name: kcm}}, spec: {{release: {release}, providers: [{string.Join(", ", providers.Select(name => $"{{name: {name}}}"))}]}}}}");

    public static Task<CustomResource<ManagementSpec, ManagementStatus>?> ManagementAsync(this ManagementCluster management) =>
        management.Client.Resource(FleetKinds.Managements).GetAsync(Key, CancellationToken.None);

    public static async Task<CustomResource<ManagementSpec, ManagementStatus>> UntilAsync(
        this ManagementCluster management, Func<CustomResource<ManagementSpec, ManagementStatus>?, bool> isRight) =>
        (await ManagementCluster.UntilAsync(management.ManagementAsync, isRight, Describe))!;

    /// <summary>Until the Management is ready with this release installed.</summary>
    public static Task<CustomResource<ManagementSpec, ManagementStatus>> InstalledAsync(this ManagementCluster management, string release) =>
        management.UntilAsync(seen => seen.Ready()?.Status == ConditionStatus.True && seen?.Status?.Release == release && seen.Status.ObservedGeneration == seen.Metadata.Generation);

    public static Condition? Ready(this CustomResource<ManagementSpec, ManagementStatus>? management) =>
        management?.Status?.Conditions?.Find(condition => condition.Type == SharedConditions.Ready);

    public static Task DeleteManagementAsync(this ManagementCluster management) =>
        management.Client.Resource(FleetKinds.Managements).DeleteAsync(Key, DeleteOptions.Background, CancellationToken.None);

    public static Task AnnotateManagementAsync(this ManagementCluster management, string annotation, string? value) =>
        management.SetAnnotationAsync(FleetKinds.Managements.Kind, Key, annotation, value);

    public static Task AnnotateProviderAsync(this ManagementCluster management, string name, string annotation, string? value) =>
        management.SetAnnotationAsync(InfrastructureProviders, new("kcm-system", name), annotation, value);

    /// <summary>Until an event about the Management is there.</summary>
    public static Task HasEventAsync(this ManagementCluster management, string reason) => ManagementCluster.UntilAsync(
        async () => (await management.Client.Dynamic(new("events.k8s.io", "v1", "Event", "events", true)).ListAsync(ListOptions.All, CancellationToken.None)).Items
            .Any(item => (string?)item.At("regarding", "kind") == "Management" && (string?)item.At("reason") == reason),
        found => found, _ => $"no event {reason}");

    /// <summary>Helm releases of the system namespace that are there in any revision.</summary>
    public static async Task<IReadOnlyList<string>> ReleasesAsync(this ManagementCluster management) =>
        [.. (await management.Client.Dynamic(CoreKinds.Secrets).ListAsync(new() { Namespace = "kcm-system", LabelSelector = "owner=helm" }, CancellationToken.None)).Items
            .Select(secret => secret.Metadata.Labels!["name"]).Distinct().Order(StringComparer.Ordinal)];

    public static string Describe(CustomResource<ManagementSpec, ManagementStatus>? management) => management is null
        ? "no such object"
        : $"release {management.Status?.Release}, providers {string.Join(", ", management.Status?.AvailableProviders ?? [])}\n"
            + string.Join("\n", (management.Status?.Conditions ?? []).Select(c => $"{c.Type}={c.Status} {c.Reason}: {c.Message}")) + "\n"
            + string.Join("\n", (management.Status?.Components ?? []).Select(pair => $"{pair.Key}: {pair.Value.Success} {pair.Value.Template} {pair.Value.Error}"));

    private static Task SetAnnotationAsync(this ManagementCluster management, ResourceKind kind, ObjectKey key, string annotation, string? value) =>
        management.Client.Dynamic(kind).PatchAsync(
            key, Patch.Merge(new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = value } } }), PatchOptions.Default, CancellationToken.None);
}
