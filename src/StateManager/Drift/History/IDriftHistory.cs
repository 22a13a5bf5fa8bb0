using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Drift.History;

/// <summary>Keeps what has drifted.</summary>
internal interface IDriftHistory
{
    /// <summary>Never waits and never fails: services are kept whether anybody writes it down or not.</summary>
    void Note(DriftEntry entry);

    /// <summary>The latest of a service, newest first; null when nothing is kept that could be asked.</summary>
    /// <exception cref="DriftHistoryException">The database does not answer.</exception>
    Task<IReadOnlyList<DriftEntry>?> FindAsync(ObjectKey cluster, ReleaseName service, int limit, CancellationToken ct);
}

/// <summary>The history cannot be read now. Says nothing of the database, whose messages may hold addresses and names.</summary>
internal sealed class DriftHistoryException(Exception inner) : Exception("the database of the drift history does not answer", inner);
