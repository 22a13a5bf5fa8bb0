namespace Fleet.StateManager.Compliance.Findings;

/// <summary>What results are counted by in one cluster.</summary>
/// <param name="Source">What reported it; empty when the report does not say.</param>
/// <param name="Policy">KIND/NAME for a constraint of Gatekeeper.</param>
/// <param name="Namespace">In the cluster; empty for what is in none.</param>
internal readonly record struct PolicyKey(string Source, string Policy, string Namespace)
{
    /// <summary>The namespace of violations that are counted but not listed. No namespace can be called so.</summary>
    public const string Unlisted = "(unlisted)";

    /// <summary>Of results that are counted together, since a cluster has too many rows.</summary>
    public static PolicyKey Rest { get; } = new("", Unlisted, Unlisted);

    /// <summary>The order of rows. Names of policies may hold slashes, which only makes the order a little odd.</summary>
    public string Place => $"{Source}/{Policy}/{Namespace}";
}
