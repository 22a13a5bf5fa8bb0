using Fleet.Cost.Teams;
using Fleet.Observability.Days;

namespace Fleet.Observability.Teams.Categories;

/// <summary>What days say of a category in a period.</summary>
/// <param name="Rows">Of the category, and of its clusters.</param>
/// <param name="KnownFrom">The first day that was added up by the category, when costs of the period are known from before; null when all of them are in it.</param>
/// <param name="FormerUntil">The last day that was added up by former rules, since its hours are no longer kept or its turn comes; null when there is none.</param>
internal sealed record CategoryCosts(IReadOnlyList<DayRow> Rows, DateOnly? KnownFrom, DateOnly? FormerUntil)
{
    /// <summary>Currencies of costs and of monthly sums.</summary>
    public IReadOnlyList<string> Currencies(CategoryScope scope) =>
    [
        .. Rows.Select(row => row.Currency).Concat(Rows.Count == 0 ? [] : (scope.Spec.Shared ?? []).Select(cost => cost.Monthly?.Currency).OfType<string>())
            .Distinct().Order(StringComparer.Ordinal),
    ];

    public OwnerCosts Of(CategoryScope scope, string currency) => new(
        [.. Rows.Where(row => row.Currency == currency && row.Subject == scope.Subject).Select(row => row.Cost)],
        [.. Rows.Where(row => row.Currency == currency && row.Subject == DaySubject.Clusters).Select(row => row.Cost)]);

    /// <summary>Null while its days are not added up.</summary>
    public static async Task<CategoryCosts?> ReadAsync(DayStore days, CategoryScope scope, DateOnly from, DateOnly until, CancellationToken ct)
    {
        var states = await days.StatesAsync([scope.Subject, DaySubject.Clusters], ct);
        var own = states.Where(state => state.Key.Subject == scope.Subject).ToDictionary(state => state.Key.Day, state => state.Value);
        // The newest day is added up first.
        if (own.Count == 0 || !scope.Made(own.MaxBy(state => state.Key).Value))
            return null;
        // Of a day that it does not know, all would seem to be overhead.
        var missing = states.Keys.Where(key => key.Subject == DaySubject.Clusters && key.Day >= from && key.Day < until && !own.ContainsKey(key.Day)).Select(key => (DateOnly?)key.Day).Max();
        var first = missing?.AddDays(1) ?? from;
        var former = own.Where(state => state.Key >= first && state.Key < until && !scope.Made(state.Value)).Select(state => (DateOnly?)state.Key).Max();
        var rows = await days.ReadAsync(new([DaySubject.Clusters, scope.Subject], first, until) { ByName = true, ByCluster = true }, ct);
        return new([.. rows.Where(row => scope.Covers(row.Cost.Cluster))], missing is null ? null : first, former);
    }
}
