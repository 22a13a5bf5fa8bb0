using System.Text;
using System.Text.Json;

namespace Fleet.ReplicaProcess;

/// <summary>
/// What a replica tried and what came of it. A line is with the kernel before the call goes on, so that it outlives a <c>kill -9</c>.
/// </summary>
public sealed class History(string path, string replica) : IDisposable
{
    private readonly FileStream file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    private readonly Lock gate = new();

    /// <param name="what"><c>try</c>, then <c>done</c> with the version that the store gave, <c>refused</c> or <c>unknown</c>.</param>
    /// <param name="cluster">Whose grain.</param>
    /// <param name="epoch">Under which the write is done.</param>
    /// <param name="count">What is written.</param>
    /// <param name="version">Of the object, after the write.</param>
    public void Write(string what, string cluster, long epoch, long count, string? version = null)
    {
        var line = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { replica, process = Environment.ProcessId, what, cluster, epoch, count, version }) + "\n");
        lock (gate)
            file.Write(line);
    }

    public void Dispose() => file.Dispose();
}
