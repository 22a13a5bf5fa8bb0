using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Services;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Services;

/// <summary>The objects of the management cluster that a set names beside its templates: manifests, what templates read, values. Pure.</summary>
internal sealed record SetReferences(IReadOnlyList<PolicyReference> Policies, IReadOnlyList<TemplateResourceReference> Resources)
{
    /// <summary>A setting of the wrong shape counts as none: admission refuses it, and the services do not suffer.</summary>
    public static SetReferences Of(ServiceSetSpec set)
    {
        try
        {
            return set.Provider.Config is JsonObject config && config.Deserialize(ContractsJson.Default.ServiceSpec) is { } spec
                ? new(spec.PolicyRefs ?? [], spec.TemplateResourceRefs ?? [])
                : None;
        }
        catch (JsonException)
        {
            return None;
        }
    }

    /// <summary>ConfigMaps and Secrets that are named, so that a change of one can find its users: <c>Secret team/name</c>.</summary>
    public static IEnumerable<string> Sources(ServiceSet set)
    {
        var (own, references) = (ServiceSetIndex.ClusterOf(set).Namespace, Of(set.Spec));
        return references.Policies.Select(policy => Source(policy.Kind, Key(policy.Namespace, policy.Name, own)))
            .Concat(references.Resources
                .Where(reference => reference.Resource.Kind == CoreKinds.Secrets.Kind || reference.Resource.Kind == CoreKinds.ConfigMaps.Kind)
                .Select(reference => Source(reference.Resource.Kind!, Key(reference.Resource.Namespace, reference.Resource.Name ?? "", own))))
            .Concat((set.Spec.Services ?? []).SelectMany(service => service.ValuesFrom ?? []).Select(values => Source(values.Kind, new(own, values.Name))))
            .Distinct();
    }

    public static string Source(string kind, ObjectKey key) => $"{kind} {key}";

    private static SetReferences None { get; } = new([], []);

    private static ObjectKey Key(string? stated, string name, string own) => new(stated is { Length: > 0 } ? stated : own, name);
}
