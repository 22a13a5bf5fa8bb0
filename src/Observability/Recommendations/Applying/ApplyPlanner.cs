using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Control.Templates;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;
using Fleet.Helm.Releases;
using Fleet.Helm.Values;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Observability.Recommendations.Storage;
using Fleet.Rest;

namespace Fleet.Observability.Recommendations.Applying;

/// <summary>
/// Finds the service of the fleet that a workload belongs to, and the place in its values that says what a container asks for, or how many pods there are; or the number of workers of a cluster. A place is taken only when rendering the chart with and
/// without it shows that it changes this and nothing else; what can not be proven is told as a patch for people.
/// </summary>
internal sealed class ApplyPlanner(IKubernetesClient management, ManagedClusters clusters, SystemNamespaces namespaces, IServiceProvider services)
{
    private const string ReleaseNameAnnotation = "meta.helm.sh/release-name";
    private const string ReleaseNamespaceAnnotation = "meta.helm.sh/release-namespace";

    /// <summary>Two renderings for each place, and every process takes time.</summary>
    private static readonly TimeSpan LongestProof = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, ResourceKind> Kinds = new(StringComparer.Ordinal)
    {
        ["Deployment"] = new("apps", "v1", "Deployment", "deployments", true),
        ["StatefulSet"] = new("apps", "v1", "StatefulSet", "statefulsets", true),
        ["DaemonSet"] = new("apps", "v1", "DaemonSet", "daemonsets", true),
        ["HorizontalPodAutoscaler"] = new("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true),
        ["CronJob"] = new("batch", "v1", "CronJob", "cronjobs", true),
    };

    private static readonly YamlReadOptions Reading = new() { LastDuplicateWins = true };

    public async Task<ApplyPlan> PlanAsync(StoredRecommendation found, CancellationToken ct)
    {
        var body = RecommendationBody.Read(found.Body);
        var cluster = new ObjectKey(found.Cluster.Split('/')[0], found.Cluster.Split('/')[1]);
        if (found.Kind == RecommendationKinds.UnderusedNode)
            return await NodeScalingReader.PlanAsync(management, cluster, body, ct);
        if (found.Kind == RecommendationKinds.NightScaleDown)
            return ApplyPlan.ByHand(ApplyWays.ManualReason(found.Kind, body.ObjectKind), NightSchedule.Of(found.Namespace, body));
        var wanted = WantedOf(found, body);
        var byHand = wanted?.Patch();
        if (wanted is null || ApplyWays.Of(found.Kind, body.ObjectKind) != ApplyWays.Values || !Kinds.TryGetValue(body.ObjectKind, out var kind))
            return ApplyPlan.ByHand(ApplyWays.ManualReason(found.Kind, body.ObjectKind), byHand);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(LongestProof);
        try
        {
            if (await clusters.CallAsync(cluster, (client, _, stop) => client.Dynamic(kind).GetAsync(new(found.Namespace, body.ObjectName), stop), limit.Token) is not { } workload)
                return ApplyPlan.ByHand($"{body.ObjectKind} {found.Namespace}/{body.ObjectName} is gone", byHand);
            if (workload.Metadata.Annotations is not { } annotations || !annotations.TryGetValue(ReleaseNameAnnotation, out var name))
                return ApplyPlan.ByHand("no Helm release has made it", byHand);
            var release = new ReleaseName(annotations.GetValueOrDefault(ReleaseNamespaceAnnotation, found.Namespace), name);
            var (declared, reason) = await DeclaredService.FindAsync(management, cluster, release, limit.Token);
            return declared is null ? ApplyPlan.ByHand(reason!, wanted.Patch()) : await ProveAsync(declared, release, cluster, workload, wanted, limit.Token);
        }
        catch (Exception e) when (e is HelmException or TemplateChartException)
        {
            return ApplyPlan.ByHand($"its chart could not be rendered: {e.Message}", wanted.Patch());
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return ApplyPlan.ByHand("no place in its values could be proven in time", wanted.Patch());
        }
    }

    private async Task<ApplyPlan> ProveAsync(
        DeclaredService declared, ReleaseName release, ObjectKey cluster, DynamicObject workload, IWantedChange wanted, CancellationToken ct)
    {
        var text = (string?)declared.Service["values"];
        if (ValuesText.WhyNot(text) is { } why)
            return ApplyPlan.ByHand($"{declared}: {why}", wanted.Patch());
        if (services.GetService<IHelm>() is not { } helm || services.GetService<ITemplateCharts>() is not { } charts)
            return ApplyPlan.ByHand("this process has no helm to prove it with", wanted.Patch());
        if (await TemplateAsync(declared.Placed.Template, cluster.Namespace, ct) is not { Spec.Helm: { } source } template)
            return ApplyPlan.ByHand($"{declared}: its template has no chart", wanted.Patch());
        var chart = await charts.PullAsync(source, template.Metadata.Namespace!, template.Status?.ChartVersion, ct);
        var given = await helm.GetValuesAsync(release, new ClusterAccess(await clusters.KubeconfigAsync(cluster, ct)), all: false, ct);
        var before = await RenderAsync(helm, chart, release, given, ct);
        var reason = wanted.WithoutPlace;
        foreach (var path in wanted.Candidates(ValuesMerge.Effective(chart.Content.Values, given), workload))
        {
            var more = ResourceValues.At(path, wanted.Value());
            var against = wanted.Against(before, await RenderAsync(helm, chart, release, ValuesMerge.Merge(given, more), ct));
            if (against is null)
                return new() { Service = declared, Path = path, Values = ValuesText.With(text, more), Workload = wanted.Patch() };
            reason = $"{string.Join('.', path)}: {against}";
        }
        return ApplyPlan.ByHand($"{declared}: {reason}", wanted.Patch());
    }

    private static async Task<IReadOnlyList<JsonObject>> RenderAsync(IHelm helm, ChartArchive chart, ReleaseName release, JsonObject values, CancellationToken ct) =>
        [.. KubernetesYaml.ReadAll(await helm.TemplateAsync(new() { Release = release, Chart = chart, Values = values, NoHooks = true }, ct), Reading)];

    private async Task<ServiceTemplate?> TemplateAsync(string name, string @namespace, CancellationToken ct)
    {
        foreach (var place in namespaces.SearchFrom(@namespace))
            if (await management.Resource(FleetKinds.ServiceTemplates).GetAsync(new(place, name), ct) is { } template)
                return template;
        return null;
    }

    /// <summary>Null for what no workload has.</summary>
    private static IWantedChange? WantedOf(StoredRecommendation found, RecommendationBody body) =>
        found.Kind == RecommendationKinds.Rightsizing && body.Container is { } container
            ? WantedResources.Of(body.ObjectKind, found.Namespace, body.ObjectName, container, body.Current, body.Recommended)
            : found.Kind == RecommendationKinds.MinReplicas && (int?)body.Recommended[WantedReplicas.LeastField] is { } least
                ? new WantedReplicas(body.ObjectKind, found.Namespace, body.ObjectName, least) { Field = WantedReplicas.LeastField }
            : found.Kind == RecommendationKinds.AbandonedWorkload && found.Namespace.Length > 0 && (int?)body.Recommended["replicas"] is { } replicas
                ? new WantedReplicas(body.ObjectKind, found.Namespace, body.ObjectName, replicas)
                : null;
}
