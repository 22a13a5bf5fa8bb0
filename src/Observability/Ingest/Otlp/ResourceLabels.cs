using Fleet.Observability.Ingest.Otlp.Messages;

namespace Fleet.Observability.Ingest.Otlp;

/// <summary>
/// What of a resource becomes labels of each of its series: job and instance, and where in Kubernetes it runs, without which pods could not be told apart. All of
/// it is in target_info.
/// </summary>
internal sealed class ResourceLabels
{
    private static readonly string[] Promoted =
    [
        "k8s.namespace.name", "k8s.pod.name", "k8s.pod.uid", "k8s.container.name", "k8s.node.name", "k8s.deployment.name", "k8s.statefulset.name", "k8s.daemonset.name", "k8s.job.name", "k8s.cronjob.name",
    ];

    private readonly List<KeyValuePair<string, string>> labels = [];

    public ResourceLabels(IReadOnlyCollection<KeyValue> attributes)
    {
        string Of(string key) => OtlpValues.Attribute(attributes, key);
        var (service, space, instance) = (Of("service.name"), Of("service.namespace"), Of("service.instance.id"));
        Add("job", service.Length > 0 && space.Length > 0 ? $"{space}/{service}" : service);
        Add("instance", instance);
        var identity = labels.ToList();
        foreach (var key in Promoted)
            Add(OtlpNames.Label(key), Of(key));

        var rest = attributes.Where(one => one.Key is not ("service.name" or "service.namespace" or "service.instance.id"))
            .Select(one => KeyValuePair.Create(OtlpNames.Label(one.Key), OtlpValues.Text(one.Value)))
            .Where(one => one.Key.Length > 0 && one.Value.Length > 0)
            .GroupBy(one => one.Key).Select(same => same.First()).ToList();
        // Without job and instance nothing could be joined with it.
        Info = identity.Count == 0 || rest.Count == 0 ? null : [.. rest, .. identity];
    }

    /// <summary>Labels of target_info; null when there is nothing to tell.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Info { get; }

    public IReadOnlyList<KeyValuePair<string, string>> WithScope(InstrumentationScope? scope)
    {
        var all = labels.ToList();
        if (scope?.Name.Length > 0)
            all.Add(new("otel_scope_name", scope.Name));
        if (scope?.Version.Length > 0)
            all.Add(new("otel_scope_version", scope.Version));
        return all;
    }

    private void Add(string name, string value)
    {
        if (value.Length > 0)
            labels.Add(new(name, value));
    }
}
