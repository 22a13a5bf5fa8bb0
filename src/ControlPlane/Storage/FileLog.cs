namespace Fleet.ControlPlane.Storage;

/// <summary>The append-only log of a folder.</summary>
internal sealed class FileLog : IChangeLog
{
    public static FileLog Open(string folder, TimeProvider clock, ILoggerFactory? loggers) => new();
    public void Load(ClusterStore store) => loaded = store;

    private ClusterStore? loaded;
    public void Append(IReadOnlyList<LogEntry> entries) { }
    public void CompactIfDue() => _ = loaded;
    public void Dispose() { }
}
