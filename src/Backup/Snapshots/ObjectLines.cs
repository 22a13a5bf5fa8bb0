using System.Buffers;
using System.Text.Json;
using Fleet.Kubernetes.Objects;

namespace Fleet.Backup.Snapshots;

/// <summary>One JSON document a line.</summary>
internal sealed class ObjectLines(Stream stream)
{
    private readonly ArrayBufferWriter<byte> line = new();

    public int Count { get; private set; }

    public async Task WriteAsync(DynamicObject item, CancellationToken ct)
    {
        line.ResetWrittenCount();
        await using (var writer = new Utf8JsonWriter(line))
            item.Root.WriteTo(writer);
        line.Write("\n"u8);
        await stream.WriteAsync(line.WrittenMemory, ct);
        Count++;
    }
}
