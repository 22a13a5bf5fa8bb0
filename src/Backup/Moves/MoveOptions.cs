using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Backup.Moves;

/// <summary>From where to where a cluster goes.</summary>
public sealed record MoveOptions
{
    /// <summary>The management cluster that has it.</summary>
    public required IKubernetesClient Source { get; init; }

    /// <summary>The one that is to have it.</summary>
    public required IKubernetesClient Target { get; init; }

    /// <summary>Of the ClusterDeployment.</summary>
    public required ObjectKey Cluster { get; init; }

    /// <summary>Reads and checks; nothing is written on either side.</summary>
    public bool DryRun { get; init; }

    /// <summary>Nobody acts at the source, and nobody will: its managers are not waited for to confirm the pause.</summary>
    public bool ManagersAreStopped { get; init; }

    /// <summary>How long what is under way at the source may take to end after the pause.</summary>
    public TimeSpan SettleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For so long nothing may have changed before the source counts as at rest.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>What a move did, or with a dry run would do.</summary>
public sealed record MoveReport(ObjectKey Cluster, bool DryRun)
{
    /// <summary>Why it was not begun; nothing was changed.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    /// <summary>What belongs to the cluster alone and lives at the target now.</summary>
    public IReadOnlyList<string> Moved { get; init; } = [];

    /// <summary>What others use as well: it is on both sides now.</summary>
    public IReadOnlyList<string> Copied { get; init; } = [];

    /// <summary>The source has nothing of it and the target has: nothing was left to do.</summary>
    public bool WasThere { get; init; }

    /// <summary>An earlier run had come past the point of no return; this one finished it.</summary>
    public bool WasUnderWay { get; init; }
}

/// <summary>A move that began and could not go on. The cluster stays paused wherever it is; the same command goes on.</summary>
public sealed class MoveException(string message, Exception? inner = null) : Exception(message, inner);
