using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Budgets;
using Fleet.Control.Kinds;
using Fleet.Cost.Filters;
using Fleet.Observability.Days;

namespace Fleet.Observability.Budgets;

/// <summary>Which costs a budget counts. Budgets with the same scope share its sums. Pure.</summary>
internal sealed record BudgetScope
{
    private BudgetScope(string prefix, AllocationFilter filter, string text)
    {
        (Prefix, Filter) = (prefix, filter);
        Subject = $"{DaySubject.ScopePrefix}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{prefix}\n{text}")))[..32]}";
    }

    /// <summary>Of the names of its clusters: NAMESPACE/, or nothing for all.</summary>
    public string Prefix { get; }

    public AllocationFilter Filter { get; }

    /// <summary>What its sums are kept as.</summary>
    public string Subject { get; }

    /// <exception cref="FilterException">The filter is none.</exception>
    public static BudgetScope Of(string @namespace, BudgetSpec spec)
    {
        // A team must not read from its budget what others cost: those who may write in the system namespace see everything anyway.
        var prefix = SystemNamespaces.Default.Names.Contains(@namespace) ? "" : $"{@namespace}/";
        return new(prefix, AllocationFilter.Parse(spec.Filter ?? ""), spec.Filter?.Trim() ?? "");
    }

    public bool Covers(string cluster) => cluster.StartsWith(Prefix, StringComparison.Ordinal);

    public DaySubject ToSubject() => new(Subject, "1", (day, _) => [day.Of(Filter, Covers)]);
}
