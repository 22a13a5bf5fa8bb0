namespace Fleet.Cost.Allocations;

/// <summary>Which label, or else annotation, says to whom a workload belongs. The defaults are OpenCost's.</summary>
public sealed record LabelAliases
{
    public static LabelAliases Default { get; } = new();

    public string Team { get; init; } = "team";

    public string Department { get; init; } = "department";

    public string Owner { get; init; } = "owner";

    public string Product { get; init; } = "app";

    public string Environment { get; init; } = "env";

    /// <summary>The key that an alias stands for; null when there is no such alias.</summary>
    public string? KeyOf(string alias) => alias switch
    {
        "team" => Team,
        "department" => Department,
        "owner" => Owner,
        "product" => Product,
        "environment" => Environment,
        _ => null,
    };
}
