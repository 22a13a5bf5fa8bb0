using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Serving;

/// <summary>A field selector: <c>metadata.name=x,status.phase!=Running</c>. Only the fields that upstream supports for the kind.</summary>
internal sealed class FieldSelector
{
    private static readonly Dictionary<string, string[]> Supported = new(StringComparer.Ordinal)
    {
        ["pods"] = ["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork", "status.phase",
            "status.podIP", "status.nominatedNodeName"],
        ["events"] = ["involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
            "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type", "regarding.kind",
            "regarding.namespace", "regarding.name", "regarding.uid"],
        ["secrets"] = ["type"],
        ["namespaces"] = ["status.phase"],
        ["nodes"] = ["spec.unschedulable"],
        ["services"] = ["spec.clusterIP", "spec.type"],
        ["jobs.batch"] = ["status.successful"],
        ["replicasets.apps"] = ["status.replicas"],
        ["replicationcontrollers"] = ["status.replicas"],
        ["certificatesigningrequests.certificates.k8s.io"] = ["spec.signerName"],
    };

    private readonly List<(string[] Path, string Value, bool Equal)> requirements = [];

    public static FieldSelector Everything { get; } = new();

    public bool IsEverything => requirements.Count == 0;

    /// <summary>The name that the selector asks for, so that one object is looked up instead of all being read.</summary>
    public string? SingleName { get; private set; }

    public static FieldSelector Parse(KindInfo kind, string? text)
    {
        if (string.IsNullOrEmpty(text)) return Everything;
        var selector = new FieldSelector();
        foreach (var part in text.Split(','))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0) throw ApiErrors.BadRequest($"invalid selector: '{part}'; can't understand '{part}'");
            var equal = part[at - 1] != '!';
            var field = equal ? part[..at] : part[..(at - 1)];
            var value = part[(at + 1)..].TrimStart('=');
            if (!IsSupported(kind, field)) throw Unsupported(kind, field);
            if (field == "metadata.name" && equal) selector.SingleName = value;
            selector.requirements.Add((Stored(field).Split('.'), value, equal));
        }
        return selector;
    }

    public bool Matches(StoredObject stored)
    {
        foreach (var (path, value, equal) in requirements)
        {
            var actual = path switch
            {
                ["metadata", "name"] => stored.Key.Name,
                ["metadata", "namespace"] => stored.Key.Namespace,
                _ => StoredFields.Text(stored, path),
            };
            if (string.Equals(actual, value, StringComparison.Ordinal) != equal) return false;
        }
        return true;
    }

    private static bool IsSupported(KindInfo kind, string field)
    {
        if (field is "metadata.name" || (field is "metadata.namespace" && kind.Namespaced)) return true;
        if (Supported.TryGetValue(kind.StorageName, out var fields) && fields.Contains(field)) return true;
        return kind.Custom?.SelectableFields.Contains(field) ?? false;
    }

    /// <summary>Upstream words it by whether the kind has selectable fields of its own.</summary>
    private static KubeApiException Unsupported(KindInfo kind, string field) =>
        kind.Custom is not null || Supported.ContainsKey(kind.StorageName)
            ? ApiErrors.BadRequest($"field label not supported: {field}")
            : ApiErrors.BadRequest($"\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");

    private static string Stored(string field) => field switch
    {
        "source" => "source.component",
        _ when field.StartsWith("regarding.", StringComparison.Ordinal) => "involvedObject." + field["regarding.".Length..],
        _ => field,
    };
}
