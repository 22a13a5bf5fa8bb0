using Google.Protobuf;

namespace Fleet.Observability.Ingest.Records;

/// <summary>What logs and spans both have.</summary>
/// <param name="Time">Null when it has none that can be one.</param>
/// <param name="HasWrongId">An id is of a wrong length, or is missing where it is needed.</param>
/// <param name="Attributes">JSON.</param>
internal sealed record RecordHead(DateTimeOffset? Time, ByteString TraceId, ByteString SpanId, bool HasWrongId, string Scope, ReadOnlyMemory<byte> Attributes);
