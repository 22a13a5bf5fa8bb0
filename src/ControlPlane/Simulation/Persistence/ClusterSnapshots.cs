using System.Buffers;
using System.Collections.Concurrent;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Persistence;

/// <summary>
/// Simulated clusters on disk, one file each, so that what users put into them (Helm releases above all) outlives the process.
/// A file is written as a whole a moment after changes, beside the old one, and then put in its place: a kill loses that moment at most,
/// and never leaves half a file. Safe for concurrent use by different clusters.
/// </summary>
internal sealed class ClusterSnapshots(string folder, SecretSeal? seal = null)
{
    /// <summary>
    /// More changes than a cluster can see in the moment that a kill loses. The counter goes on beyond them: it must never come back to a version that a client
    /// has been told, or its watch would wait for changes that have other numbers by now. So watches from before begin anew (410).
    /// </summary>
    private const long LostAtMost = 100_000;

    private readonly ConcurrentDictionary<string, Cluster> unsaved = new(StringComparer.Ordinal);

    public void Note(Cluster cluster) => unsaved[cluster.Name] = cluster;

    /// <summary>Loads what was kept; false when there was nothing. The store must not be served yet.</summary>
    public bool Restore(ClusterStore store)
    {
        if (!File.Exists(PathOf(store.Name)))
            return false;
        var tables = new Dictionary<string, TableState>(StringComparer.Ordinal);
        long revision = 0;
        using (var file = File.OpenRead(PathOf(store.Name)))
        {
            if (LogRecords.Read(file, Take, seal) != file.Length)
                throw new IOException($"the simulated cluster's file {file.Name} is damaged; delete it to start that cluster anew");
        }
        revision += LostAtMost;
        foreach (var (name, state) in tables)
            store.Load(name, state with { Revision = revision });
        store.LoadRevision(revision);
        return true;

        void Take(LogEntry entry)
        {
            revision = Math.Max(revision, entry.Revision);
            if (entry.Json is not null)
                tables[entry.Table] = tables.GetValueOrDefault(entry.Table, TableState.Empty).With(ObjectBytes.Read(entry.Key, entry.Json, entry.Revision));
        }
    }

    /// <summary>Writes the cluster as it is now, unless nothing was noted since it was last written.</summary>
    public void Save(string name)
    {
        if (!unsaved.TryRemove(name, out var cluster))
            return;
        try
        {
            Write(cluster);
        }
        catch (IOException)
        {
            // The next attempt must find it; who calls reports the failure and tries again.
            Note(cluster);
            throw;
        }
    }

    public void Forget(string name)
    {
        unsaved.TryRemove(name, out _);
        File.Delete(PathOf(name));
    }

    private void Write(Cluster cluster)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var buffer = new ArrayBufferWriter<byte>();
        // The counter first: what is written later than it was read is in the tables already.
        LogRecords.Write(buffer, new LogEntry(cluster.Name, "", ObjectKey.Cluster(""), cluster.Revision, null));
        foreach (var table in cluster.Store.Tables)
        {
            foreach (var item in table.State.Range(null))
                LogRecords.Write(buffer, new LogEntry(cluster.Name, table.Name, item.Key, item.Revision, item.Json), seal);
        }
        var path = PathOf(cluster.Name);
        using (var file = new FileStream(path + ".new", new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
            file.Write(buffer.WrittenSpan);
        File.Move(path + ".new", path, overwrite: true);
    }

    private string PathOf(string cluster) => Path.Combine(folder, $"{cluster}.objects");
}
