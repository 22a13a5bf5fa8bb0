using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability;

/// <summary>What runs in one process of several, by name. docs/reliability.md says why each is one.</summary>
internal static class Singletons
{
    /// <summary>Evaluates rules, tells receivers, and writes the status of what alerting knows: they hand things over in memory.</summary>
    public const string Alerts = "alerts";

    /// <summary>Adds hours up to days, and looks at budgets, categories and odd costs when there are new ones.</summary>
    public const string Days = "days";

    /// <summary>Keeps the management API's events.</summary>
    public const string Events = "events";

    /// <summary>Tells the costs of the whole fleet as metrics, which each replica telling them would multiply.</summary>
    public const string CostMetrics = "cost-metrics";

    /// <summary>Drops what is older than it is kept.</summary>
    public const string Retention = "retention";

    /// <summary>For objects whose reconciler needs what only that singleton's process has in memory.</summary>
    public static Func<ObjectKey, GrainId> With(string singleton) => _ => GrainId.OfSingleton(singleton);
}
