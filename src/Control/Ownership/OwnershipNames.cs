namespace Fleet.Control.Ownership;

/// <summary>Labels, annotations and keys of the objects by which replicas agree.</summary>
internal static class OwnershipNames
{
    /// <summary>On Leases: the service that the holder is a replica of.</summary>
    public const string ReplicaOf = "k0rdent.mirantis.com/replica-of";

    public const string Applied = "k0rdent.mirantis.com/applied-generation";

    /// <summary>Digest of the slots and epochs that the replica holds, for the sweep.</summary>
    public const string Holds = "k0rdent.mirantis.com/holds";

    public const string Costs = "k0rdent.mirantis.com/slot-costs";

    public const string Address = "k0rdent.mirantis.com/replica-address";

    /// <summary>On Leases: the pool that the replica belongs to.</summary>
    public const string Pool = "k0rdent.mirantis.com/replica-pool";

    /// <summary>The ConfigMap that says which clusters belong to which pool, for all services, beside their tables.</summary>
    public const string PinRules = "fleet-pins";

    public const string PinRulesKey = "pins.yaml";

    public const string Generation = "generation";

    public const string Table = "slots";

    /// <summary>Beside the table: what slots cost when it was written.</summary>
    public const string TableCosts = "costs";
}
