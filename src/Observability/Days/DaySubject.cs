using Fleet.Control.Grains;
using Fleet.Cost.Allocations;
using Fleet.Cost.Days;
using Fleet.Cost.Filters;

namespace Fleet.Observability.Days;

/// <summary>Something that costs of days are added up by.</summary>
/// <param name="Name">In the database: <c>cluster</c>, <c>namespace</c>, <c>category/team</c>, <c>scope/…</c>.</param>
/// <param name="Rules">Changes when the same day would be added up otherwise: then it is done anew.</param>
/// <param name="Sum">How it is added up, under a filter when there is one.</param>
internal sealed record DaySubject(string Name, string Rules, Func<CostDay, AllocationFilter?, IReadOnlyList<DayCost>> Sum)
{
    public const string Clusters = "cluster";

    /// <summary>Clusters whose costs do not add up to what is paid for.</summary>
    public const string Faults = "fault";

    public const string Namespaces = "namespace";

    /// <summary>Of budgets: the whole of it, under a filter of its own.</summary>
    public const string ScopePrefix = "scope/";

    public bool IsScope => Name.StartsWith(ScopePrefix, StringComparison.Ordinal);

    private const string CategoryPrefix = "category/";

    public const string Teams = "category/team";

    public static IReadOnlyList<DaySubject> Always { get; } =
    [
        new(Faults, "1", (day, _) => day.Faults),
        new(Clusters, "1", (day, filter) => day.Clusters(filter)),
        new(Namespaces, "1", (day, filter) => day.By(row => row.Properties.Namespace, filter)),
        ByLabel("team"),
        ByLabel("department"),
        ByLabel("product"),
    ];

    /// <summary>What costs can be shown by; null for what they can not.</summary>
    public static DaySubject? Of(string by) => Always.FirstOrDefault(subject => subject.Name != Faults && KindOf(subject.Name) == by);

    /// <summary>cluster, namespace, team.</summary>
    public static string KindOf(string name) => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>By what <c>/allocation</c> calls it: a label, or else an annotation.</summary>
    private static DaySubject ByLabel(string alias)
    {
        var aggregation = Aggregation.Parse(alias);
        return new($"{CategoryPrefix}{alias}", "1", (day, filter) => day.By(aggregation.KeyOf, filter));
    }
}

/// <summary>Whoever wants days added up.</summary>
internal interface IDaySubjects
{
    /// <summary>Until all of them are known nothing is added up, and nothing forgotten.</summary>
    Task StartAsync(CancellationToken ct);

    IEnumerable<DaySubject> Subjects { get; }
}

/// <summary>Whoever looks at days that were added up. Called after each round, also when nothing has changed; failures are the listener's own.</summary>
internal interface IDayListener
{
    /// <param name="owner">Of the adding up, and of what is written by it.</param>
    Task RolledAsync(GrainOwnership owner, CancellationToken ct);
}
