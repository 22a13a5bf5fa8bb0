using System.Diagnostics.Metrics;
using Fleet.ClusterManager.Watching;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Templates;

/// <summary>Upstream's gauges of ClusterTemplates, by its names: who uses which, and which can not be used. Each replica tells of what it owns.</summary>
internal sealed class TemplateMetrics
{
    public const string MeterName = "Fleet.ClusterManager.Templates";

    public TemplateMetrics(IMeterFactory factory, ClusterWatches watches, SystemNamespaces system, IGrainDirectory directory)
    {
        var meter = factory.Create(MeterName);
        meter.CreateObservableGauge(
            "kcm_template_usage",
            () => watches.Templates.State.HasSynced && watches.Clusters.State.HasSynced
                ? Usage([.. watches.Templates.Items.Select(row => row.Key)], watches.Clusters.Items.Where(row => directory.Owns(GrainId.OfCluster(row.Key))), system) : [],
            description: "ClusterDeployments that use a template");
        meter.CreateObservableGauge(
            "kcm_template_invalidity",
            () => watches.Templates.State.HasSynced ? Invalidity(watches.Templates.Items.Where(row => directory.Owns(new("clustertemplate", row.Key)))) : [],
            description: "1 when a template can not be used");
    }

    /// <summary>One series for each use; a name means the template of the cluster's namespace, else the one of a system namespace.</summary>
    public static IEnumerable<Measurement<int>> Usage(HashSet<ObjectKey> templates, IEnumerable<ClusterRow> clusters, SystemNamespaces system) =>
        from cluster in clusters
        let used = system.SearchFrom(cluster.Key.Namespace).Select(place => new ObjectKey(place, cluster.Template)).FirstOrDefault(templates.Contains)
        where used != default
        select new Measurement<int>(1, [.. Labels(used), new("parent_kind", "ClusterDeployment"), new("parent_namespace", cluster.Key.Namespace), new("parent_name", cluster.Key.Name)]);

    /// <summary>Templates that nobody has checked yet are left out.</summary>
    public static IEnumerable<Measurement<int>> Invalidity(IEnumerable<TemplateRow> templates) =>
        from template in templates
        where template.Valid is not null
        select new Measurement<int>(template.Valid == true ? 0 : 1, Labels(template.Key));

    private static KeyValuePair<string, object?>[] Labels(ObjectKey template) =>
        [new("template_kind", "ClusterTemplate"), new("template_namespace", template.Namespace), new("template_name", template.Name)];
}
