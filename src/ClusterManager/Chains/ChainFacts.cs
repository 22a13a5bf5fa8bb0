using Fleet.Contracts.Chains;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Chains;

/// <summary>Everything that decides what a chain means: all reads are done.</summary>
internal sealed record ChainFacts
{
    public required ChainKind Kind { get; init; }

    public required ObjectMeta Chain { get; init; }

    public required TemplateChainSpec Spec { get; init; }

    public required bool BringsTemplates { get; init; }

    /// <summary>Templates of the chain in the system namespaces, by name.</summary>
    public IReadOnlyDictionary<string, DynamicObject> Sources { get; init; } = new Dictionary<string, DynamicObject>();

    /// <summary>Templates in the chain's own namespace, by name.</summary>
    public IReadOnlyDictionary<string, DynamicObject> Present { get; init; } = new Dictionary<string, DynamicObject>();

    /// <summary>Who uses templates of the namespace: template, and the kind and name of the user.</summary>
    public ILookup<string, string> Users { get; init; } = Array.Empty<string>().ToLookup(text => text);
}
