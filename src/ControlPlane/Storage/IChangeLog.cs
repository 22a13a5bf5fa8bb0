using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Storage;

/// <summary>Where the journal keeps changes. Called by one thread.</summary>
internal interface IChangeLog : IDisposable
{
    /// <summary>All of the entries are on disk when it returns; when it throws, none of them will be found after a restart.</summary>
    void Append(IReadOnlyList<LogEntry> entries);

    /// <summary>May start the writing of a snapshot in the background.</summary>
    void CompactIfDue();
}

/// <summary>A null <paramref name="Json"/> is a deletion.</summary>
internal readonly record struct LogEntry(string Cluster, string Table, ObjectKey Key, long Revision, byte[]? Json);
