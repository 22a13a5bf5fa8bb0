using System.Text.Json;
using Fleet.Kubernetes.Objects;

namespace Fleet.Backup.Snapshots;

/// <summary>One JSON document a line.</summary>
internal sealed class ObjectLines(Stream stream)
{
    private readonly MemoryStream line = new();

    public int Count { get; private set; }

    public async Task WriteAsync(DynamicObject item, CancellationToken ct)
    {
        line.SetLength(0);
        await using (var writer = new Utf8JsonWriter(line))
            item.Root.WriteTo(writer);
        line.WriteByte((byte)'\n');
        await stream.WriteAsync(line.GetBuffer().AsMemory(0, (int)line.Length), ct);
        Count++;
    }
}
