using System.Runtime.InteropServices;
using Fleet.Observability.Ingest.Samples;
using Fleet.Observability.Ingest.Wire;

namespace Fleet.Observability.Ingest.RemoteWrite;

/// <summary>
/// io.prometheus.write.v2.Request: symbols=4 (the first is empty), timeseries=5 (labels_refs=1, samples=2, histograms=3, exemplars=4, metadata=5, created_timestamp=6).
/// Metadata and created timestamps are not kept.
/// </summary>
internal static class WriteRequestV2
{
    /// <inheritdoc cref="WriteRequestV1.Read"/>
    public static void Read(ReadOnlySpan<byte> payload, AcceptedSamples accepted)
    {
        // Protobuf lets fields come in any order, so all symbols are read before the first series.
        var symbols = CollectionsMarshal.AsSpan(ReadSymbols(payload, accepted.Limits));
        var series = new SeriesBuffer(accepted.Limits);
        var request = new ProtoReader(payload);
        while (request.Next())
        {
            if (request.Field != 5)
            {
                request.Skip();
                continue;
            }
            var (start, length) = request.BytesField();
            series.Clear();
            ReadSeries(payload, start, length, symbols, series, accepted);
            accepted.Add(payload, series);
        }
    }

    private static List<(int Start, int Length)> ReadSymbols(ReadOnlySpan<byte> payload, SampleLimits limits)
    {
        var symbols = new List<(int Start, int Length)>();
        var reader = new ProtoReader(payload);
        while (reader.Next())
        {
            if (reader.Field == 4)
            {
                if (symbols.Count == limits.SymbolsPerRequest)
                    throw new PayloadTooLargeException($"more than {limits.SymbolsPerRequest} symbols in one request");
                symbols.Add(reader.BytesField());
            }
            else
            {
                reader.Skip();
            }
        }
        if (symbols.Count > 0 && symbols[0].Length != 0)
            throw new MalformedPayloadException("the first symbol must be the empty string");
        return symbols;
    }

    private static void ReadSeries(
        ReadOnlySpan<byte> payload, int start, int length, ReadOnlySpan<(int Start, int Length)> symbols, SeriesBuffer series, AcceptedSamples accepted)
    {
        var reader = new ProtoReader(payload.Slice(start, length));
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    var refs = References(ref reader);
                    ReadLabels(refs.Length == 0 ? default : payload.Slice(start + refs.Start, refs.Length), symbols, series);
                    break;
                case 2:
                    accepted.CountSample();
                    series.Add(SampleFields.ReadSample(Content(payload, start, ref reader)));
                    break;
                case 3:
                    accepted.CountSample();
                    var (at, size) = reader.BytesField();
                    series.Add(new HistogramPlace(start + at, size, SampleFields.TimestampOfHistogram(payload.Slice(start + at, size))));
                    break;
                case 4:
                    accepted.CountSample();
                    if (ReadExemplar(payload, Content(payload, start, ref reader), symbols) is { } exemplar)
                        series.Add(new Exemplar(exemplar));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> payload, int start, ref ProtoReader reader)
    {
        var (at, size) = reader.BytesField();
        return payload.Slice(start + at, size);
    }

    /// <summary>Repeated numbers come packed; a sender that writes them one by one is no sender of this protocol.</summary>
    private static (int Start, int Length) References(ref ProtoReader reader) => reader.BytesField();

    private static void ReadLabels(ReadOnlySpan<byte> references, ReadOnlySpan<(int Start, int Length)> symbols, SeriesBuffer series)
    {
        var reader = new ProtoReader(references);
        while (reader.At < references.Length)
        {
            var name = Symbol(reader.Varint(), symbols);
            if (reader.At >= references.Length)
                throw new MalformedPayloadException("labels_refs must be pairs");
            var value = Symbol(reader.Varint(), symbols);
            series.Add(new LabelPlace(name.Start, name.Length, value.Start, value.Length));
        }
    }

    private static (int Start, int Length) Symbol(ulong reference, ReadOnlySpan<(int Start, int Length)> symbols) =>
        reference < (ulong)symbols.Length ? symbols[(int)reference] : throw new MalformedPayloadException("a label refers to a symbol that is not there");

    /// <summary>As remote write 1.0 has it; null for one that is too long to go on.</summary>
    private static byte[]? ReadExemplar(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> exemplar, ReadOnlySpan<(int Start, int Length)> symbols)
    {
        ulong bits = 0;
        long timestamp = 0;
        ReadOnlySpan<byte> references = default;
        var fields = new ProtoReader(exemplar);
        while (fields.Next())
        {
            if (fields.Field == 1)
            {
                var (at, size) = fields.BytesField();
                references = exemplar.Slice(at, size);
            }
            else if (fields.Field == 2)
            {
                bits = fields.Fixed64Field();
            }
            else if (fields.Field == 3)
            {
                timestamp = (long)fields.VarintField();
            }
            else
            {
                fields.Skip();
            }
        }
        using var result = new PooledBytes();
        var reader = new ProtoReader(references);
        while (reader.At < references.Length)
        {
            var name = Symbol(reader.Varint(), symbols);
            var value = reader.At < references.Length ? Symbol(reader.Varint(), symbols) : throw new MalformedPayloadException("labels_refs must be pairs");
            if (result.Length + name.Length + value.Length > 512)
                return null;
            var label = ProtoFields.SizeOfBytes(name.Length) + ProtoFields.SizeOfBytes(value.Length);
            var to = result.GetSpan(ProtoFields.SizeOfBytes(label));
            var at = ProtoFields.WriteHead(to, 1, label);
            at += ProtoFields.WriteBytes(to[at..], 1, payload.Slice(name.Start, name.Length));
            at += ProtoFields.WriteBytes(to[at..], 2, payload.Slice(value.Start, value.Length));
            result.Advance(at);
        }
        var rest = result.GetSpan(20);
        var written = ProtoFields.WriteDouble(rest, 2, bits);
        result.Advance(written + ProtoFields.WriteInt64(rest[written..], 3, timestamp));
        return result.Span.ToArray();
    }
}
