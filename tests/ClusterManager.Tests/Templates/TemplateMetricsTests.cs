using Fleet.ClusterManager.Templates;
using Fleet.ClusterManager.Watching;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Tests.Templates;

public class TemplateMetricsTests
{
    [Fact]
    public void A_use_is_counted_at_the_template_that_the_cluster_means()
    {
        HashSet<ObjectKey> templates = [new("kcm-system", "a"), new("team", "a"), new("kcm-system", "b")];
        ClusterRow[] clusters = [Cluster("team", "one", "a"), Cluster("other", "two", "a"), Cluster("team", "three", "none")];
        var used = TemplateMetrics.Usage(templates, clusters, SystemNamespaces.Default).Select(measurement => measurement.Tags.ToArray().ToDictionary(tag => tag.Key, tag => (string?)tag.Value)).ToList();
        Assert.Equal(["team/a by team/one", "kcm-system/a by other/two"], used.Select(tags => $"{tags["template_namespace"]}/{tags["template_name"]} by {tags["parent_namespace"]}/{tags["parent_name"]}"));
    }

    [Fact]
    public void Only_templates_that_were_checked_are_valid_or_not()
    {
        TemplateRow[] templates = [Template("a", true), Template("b", false), Template("c", null)];
        Assert.Equal([0, 1], TemplateMetrics.Invalidity(templates).Select(measurement => measurement.Value));
    }

    private static TemplateRow Template(string name, bool? valid) => TemplateRow.Of(new()
    {
        Metadata = new() { Name = name, Namespace = "team" },
        Status = valid is null ? null : new() { Valid = valid.Value, ObservedGeneration = 1 },
    });

    private static ClusterRow Cluster(string @namespace, string name, string template) =>
        ClusterRow.Of(new() { Metadata = new() { Name = name, Namespace = @namespace }, Spec = new() { Template = template } });
}
