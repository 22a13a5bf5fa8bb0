using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Costs;
using Fleet.Control.Kinds;
using Fleet.Cost.Allocations;
using Fleet.Cost.Filters;
using Fleet.Cost.Teams;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Days;

namespace Fleet.Observability.Teams.Categories;

/// <summary>A category, ready to be asked. Of clusters of its own namespace, and in the system namespace of all. Pure.</summary>
internal sealed record CategoryScope
{
    private const string SubjectPrefix = "costcategory/";

    private CategoryScope(ObjectKey key, CostCategorySpec spec)
    {
        (Key, Spec, Rules) = (key, spec, CategoryRules.Of(spec));
        Prefix = SystemNamespaces.Default.Names.Contains(key.Namespace ?? "") ? "" : $"{key.Namespace}/";
        // What decides about rows; who bears what is shared is decided when somebody asks.
        var rules = spec with { Shared = [.. (spec.Shared ?? []).Where(cost => cost.Filter is not null).Select(cost => new SharedCost { Name = cost.Name, Filter = cost.Filter })] };
        RulesMark = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(rules, ContractsJson.Default.CostCategorySpec)))[..16];
    }

    public ObjectKey Key { get; }

    public CostCategorySpec Spec { get; }

    public CategoryRules Rules { get; }

    /// <summary>Of the names of its clusters: NAMESPACE/, or nothing for all.</summary>
    public string Prefix { get; }

    /// <summary>Changes with what rows it makes.</summary>
    public string RulesMark { get; }

    /// <summary>What its sums are kept as.</summary>
    public string Subject => SubjectOf(Key);

    public static string SubjectOf(ObjectKey key) => SubjectPrefix + key;

    /// <exception cref="FilterException">A filter is none.</exception>
    public static CategoryScope Of(CostCategory category) => new(category.Metadata.Key, category.Spec);

    public bool Covers(string cluster) => cluster.StartsWith(Prefix, StringComparison.Ordinal);

    public string? ValueOf(AllocationProperties properties) => Covers(properties.Cluster) ? Rules.ValueOf(properties) : null;

    public DaySubject ToSubject() => new(
        Subject, RulesMark, (day, filter) => [.. day.By(row => ValueOf(row.Properties), filter).Where(cost => Covers(cost.Cluster))]);

    /// <summary>Whether a day was added up by these rules.</summary>
    public bool Made(string state) => state.StartsWith(RulesMark + " ", StringComparison.Ordinal);
}
