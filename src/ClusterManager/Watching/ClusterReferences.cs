namespace Fleet.ClusterManager.Watching;

/// <summary>References of a ClusterDeployment beside template and credential. Services are lines of <c>template|chain</c>, so that records compare by value.</summary>
internal sealed record ClusterReferences(string? Authentication, string? AuditPolicy, string? DataSource, string Services)
{
    public static ClusterReferences Of(ClusterDeployment cluster) => new(
        cluster.Spec.ClusterAuth,
        cluster.Spec.AuditPolicy,
        cluster.Spec.DataSource,
        string.Join('\n', (cluster.Spec.ServiceSpec?.Services ?? []).Select(service => $"{service.Template}|{service.TemplateChain}").Distinct()));

    public IEnumerable<(string Template, string? Chain)> EachService()
    {
        foreach (var line in Services.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var bar = line.IndexOf('|', StringComparison.Ordinal);
            yield return (line[..bar], bar + 1 < line.Length ? line[(bar + 1)..] : null);
        }
    }
}
