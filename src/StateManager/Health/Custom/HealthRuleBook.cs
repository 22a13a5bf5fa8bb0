using System.Collections.Immutable;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.StateManager.Health.Custom;

/// <summary>Every ConfigMap of health rules in the management cluster, by watch: a rule is compiled once per change of its ConfigMap.</summary>
internal sealed class HealthRuleBook : IAsyncDisposable
{
    private readonly IReadOnlyList<string> systemNamespaces;
    private ImmutableDictionary<string, HealthRuleSet> sets = ImmutableDictionary<string, HealthRuleSet>.Empty;

    public HealthRuleBook(IKubernetesClient management, SystemNamespaces namespaces, TimeProvider clock)
    {
        systemNamespaces = namespaces.Names;
        Informer = management.Dynamic(CoreKinds.ConfigMaps).Informer(new InformerOptions<DynamicObject, HealthRuleConfigMap>
        {
            Project = HealthRuleConfigMap.Of,
            LabelSelector = FleetLabels.HealthRuleTarget,
            Unchanged = EqualityComparer<HealthRuleConfigMap>.Default,
            Clock = clock,
        });
        Informer.Subscribe(_ => Interlocked.Exchange(ref sets, ImmutableDictionary<string, HealthRuleSet>.Empty));
    }

    public Informer<DynamicObject, HealthRuleConfigMap> Informer { get; }

    /// <summary>The same object as long as nothing has changed.</summary>
    public HealthRuleSet For(string @namespace) => ImmutableInterlocked.GetOrAdd(ref sets, @namespace, ns =>
        new HealthRuleSet(Informer.Items.Where(map => map.Key.Namespace == ns || (IsSystem(map.Key.Namespace) && map.Target == HealthRule.Global))));

    /// <summary>Whether a ServiceSet in a namespace, made for an owner, is concerned by a change.</summary>
    public bool Concerns(InformerEvent<HealthRuleConfigMap> change, string @namespace, string owner) =>
        new[] { change.Item, change.Previous }.OfType<HealthRuleConfigMap>().Any(map =>
            map.Target == HealthRule.Global ? map.Key.Namespace == @namespace || IsSystem(map.Key.Namespace) : map.Target == owner && map.Key.Namespace == @namespace);

    public ValueTask DisposeAsync() => Informer.DisposeAsync();

    private bool IsSystem(string @namespace) => systemNamespaces.Contains(@namespace);
}
