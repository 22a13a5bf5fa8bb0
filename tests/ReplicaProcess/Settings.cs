namespace Fleet.ReplicaProcess;

/// <summary>What a laboratory asks of a replica beyond its arguments, by environment variables; what is not set is left out.</summary>
internal static class Settings
{
    /// <summary>The address at which the others reach it; loopback when nothing is said.</summary>
    public static string? Address => Variable("FLEET_REPLICA_ADDRESS");

    /// <summary>The pool that it belongs to.</summary>
    public static string? Pool => Variable("FLEET_REPLICA_POOL");

    /// <summary>Connection string of a database with the table <c>counts</c>.</summary>
    public static string? Rows => Variable("FLEET_REPLICA_ROWS");

    /// <summary>A folder with <c>CLUSTER.kubeconfig</c> for each cluster.</summary>
    public static string? Clusters => Variable("FLEET_REPLICA_CLUSTERS");

    /// <summary>A data folder, where a note is written before anything else: what cannot be noted is not begun.</summary>
    public static string? Notes => Variable("FLEET_REPLICA_NOTES");

    /// <summary>A file with the seconds by which the wall clock is off.</summary>
    public static string? Clock => Variable("FLEET_REPLICA_CLOCK");

    /// <summary>See <see cref="CrashPoint"/>.</summary>
    public static string? Crash => Variable("FLEET_REPLICA_CRASH");

    /// <summary>See <see cref="Stores.HeldBackView"/>.</summary>
    public static string? HeldBack => Variable("FLEET_REPLICA_HELD_BACK");

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
