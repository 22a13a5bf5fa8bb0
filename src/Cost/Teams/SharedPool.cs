namespace Fleet.Cost.Teams;

/// <summary>A cost that several bear, and how it is divided among them.</summary>
/// <param name="Name">As reports show it.</param>
public sealed record SharedPool(string Name, SharedPoolSource Source, SharedPoolMethod Method)
{
    /// <summary>Name of what is left of clusters' costs where no pool says otherwise.</summary>
    public const string Overhead = "overhead";

    /// <summary>Whether all bear it, or those on the cluster that has it.</summary>
    public bool AmongFleet { get; init; }

    /// <summary>For the period; of <see cref="SharedPoolSource.Amount"/>.</summary>
    public double Amount { get; init; }

    /// <summary>Percent of it by value, for <see cref="SharedPoolMethod.Fixed"/>.</summary>
    public IReadOnlyDictionary<string, double> Percents { get; init; } = new Dictionary<string, double>();
}

public enum SharedPoolSource
{
    /// <summary>Rows of owners that are called <see cref="CategoryRules.SharedPrefix"/> and its name.</summary>
    Workloads,

    /// <summary>What nobody uses of the machines.</summary>
    Idle,

    /// <summary>What is paid for a cluster beyond workloads and idle.</summary>
    Overhead,

    /// <summary>A sum that no cluster has.</summary>
    Amount,
}

public enum SharedPoolMethod
{
    /// <summary>By what each costs by itself.</summary>
    Proportional,

    /// <summary>The same for each that has costs.</summary>
    Even,

    /// <summary>By percentages. What they leave is nobody's.</summary>
    Fixed,
}
