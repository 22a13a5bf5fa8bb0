using System.Text;
using System.Text.Json;

namespace Fleet.ReplicaProcess;

/// <summary>A write as histories tell it.</summary>
/// <param name="Store">Where.</param>
/// <param name="Cluster">Whose grain.</param>
/// <param name="Epoch">Under which the write is done.</param>
/// <param name="Count">What is written.</param>
internal sealed record HistoryEntry(string Store, string Cluster, long Epoch, long Count);

/// <summary>
/// What a replica tried and what came of it. A line is with the kernel before the call goes on, so that it outlives a <c>kill -9</c>.
/// </summary>
internal sealed class History(string path, string replica) : IDisposable
{
    private readonly FileStream file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    private readonly Lock gate = new();

    /// <param name="what"><c>try</c>, then <c>done</c> with the version and id that the store gave, <c>refused</c> or <c>unknown</c>.</param>
    /// <param name="entry">The write.</param>
    /// <param name="version">Of what is stored, after the write.</param>
    /// <param name="id">Of what is stored.</param>
    public void Write(string what, HistoryEntry entry, string? version = null, string? id = null)
    {
        // The true time, whatever the replica takes for it: only to tell later how long nobody wrote.
        var at = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var line = Encoding.UTF8.GetBytes(
            JsonSerializer.Serialize(new { replica, process = Environment.ProcessId, what, store = entry.Store, cluster = entry.Cluster, epoch = entry.Epoch, count = entry.Count, version, id, at }) + "\n");
        lock (gate)
            file.Write(line);
    }

    public void Dispose() => file.Dispose();
}
