using System.Text.RegularExpressions;
using Fleet.Observability.Ingest.Samples;

namespace Fleet.Observability.Query.Prometheus;

/// <summary>What every selector of a query must also say, so that it finds only series of clusters that may be read. Pure.</summary>
internal sealed partial class TenantMatchers
{
    public TenantMatchers(TelemetryScope scope)
    {
        var matchers = new List<string>();
        if (scope.Cluster is { } cluster)
        {
            matchers.Add($"{ClusterIdentity.NamespaceLabel}=\"{Safe(cluster.Namespace)}\"");
            matchers.Add($"{ClusterIdentity.ClusterLabel}=\"{Safe(cluster.Name)}\"");
        }
        else if (scope.Namespaces is { } namespaces)
            // An empty list would match everything that has no such label.
            matchers.Add(namespaces.Count == 0
                ? throw new ArgumentException("no namespace may be read, and nobody can ask for that", nameof(scope))
                : $"{ClusterIdentity.NamespaceLabel}=~\"{string.Join('|', namespaces.Select(name => Safe(name).Replace(".", "[.]", StringComparison.Ordinal)))}\"");
        Text = string.Join(',', matchers);
    }

    /// <summary>Joined by commas; empty where everything may be read.</summary>
    public string Text { get; }

    public bool IsEmpty => Text.Length == 0;

    /// <summary>Kubernetes' names need no escape in a text. Anything else never was a cluster.</summary>
    private static string Safe(string name) => Name().IsMatch(name) ? name : throw new TelemetryQueryException("cluster is namespace/name of a ClusterDeployment, for example team-a/web");

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Name();
}
