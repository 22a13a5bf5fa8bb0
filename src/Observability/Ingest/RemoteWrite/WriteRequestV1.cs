using System.Runtime.CompilerServices;
using Fleet.Observability.Ingest.Samples;
using Fleet.Observability.Ingest.Wire;

namespace Fleet.Observability.Ingest.RemoteWrite;

/// <summary>
/// prometheus.WriteRequest: timeseries=1 (labels=1 {name=1, value=2}, samples=2 {value=1, timestamp=2}, exemplars=3, histograms=4), metadata=3.
/// Metadata is not kept.
/// </summary>
internal static class WriteRequestV1
{
    /// <exception cref="MalformedPayloadException">It is no such message.</exception>
    /// <exception cref="PayloadTooLargeException">It holds more than one request may.</exception>
    // A receiver of samples is hot from its first second; it need not be found out.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(ReadOnlySpan<byte> payload, AcceptedSamples accepted)
    {
        var series = new SeriesBuffer(accepted.Limits);
        var request = new ProtoReader(payload);
        while (request.Next())
        {
            if (request.Field != 1)
            {
                request.Skip();
                continue;
            }
            var (start, length) = request.BytesField();
            var head = HeadOf(payload.Slice(start, length));
            var hash = SeriesHash.Of(payload.Slice(start, head));
            series.Clear();
            if (accepted.Splice(hash) is { } splice && ReadRest(payload, start + head, length - head, series) && accepted.AddKnown(payload.Slice(start, head), splice, series))
                continue;
            series.Clear();
            series.Head = new(start, head, hash);
            ReadSeries(payload, start, length, head, series, accepted);
            accepted.Add(payload, series);
        }
    }

    /// <summary>How many bytes the labels take when nothing stands between them, as every sender writes them. They are what a series is known by when it comes again.</summary>
    private static int HeadOf(ReadOnlySpan<byte> series)
    {
        var at = 0;
        // A label that takes 128 bytes or more has a length of two bytes; longer ones are read the long way.
        while (at + 2 < series.Length && series[at] == 0x0a)
        {
            var length = (int)series[at + 1];
            var from = at + 2;
            if (length >= 0x80)
            {
                if (series[at + 2] >= 0x80)
                    break;
                length = (length & 0x7f) | (series[at + 2] << 7);
                from++;
            }
            if (length > series.Length - from)
                break;
            at = from + length;
        }
        return at;
    }

    /// <summary>False when there is more than samples.</summary>
    private static bool ReadRest(ReadOnlySpan<byte> payload, int start, int length, SeriesBuffer series)
    {
        var reader = new ProtoReader(payload.Slice(start, length));
        while (reader.Next())
        {
            if (reader.Field != 2)
                return false;
            var (at, size) = reader.BytesField();
            series.Add(SampleFields.ReadSample(payload.Slice(start + at, size)));
        }
        return true;
    }

    private static void ReadSeries(ReadOnlySpan<byte> payload, int start, int length, int head, SeriesBuffer series, AcceptedSamples accepted)
    {
        var reader = new ProtoReader(payload.Slice(start, length));
        while (reader.Next())
        {
            if (reader.Field is < 1 or > 4)
            {
                reader.Skip();
                continue;
            }
            var (at, size) = reader.BytesField();
            at += start;
            switch (reader.Field)
            {
                case 1:
                    series.Add(ReadLabel(payload, at, size));
                    if (at - start >= head)
                        series.Head = null;
                    break;
                case 2:
                    accepted.CountSample();
                    series.Add(SampleFields.ReadSample(payload.Slice(at, size)));
                    break;
                case 3:
                    accepted.CountSample();
                    if (SampleFields.IsExemplar(payload.Slice(at, size)))
                        series.Add(new Exemplar(payload.Slice(at, size).ToArray()));
                    break;
                default:
                    accepted.CountSample();
                    series.Add(new HistogramPlace(at, size, SampleFields.TimestampOfHistogram(payload.Slice(at, size))));
                    break;
            }
        }
    }

    private static LabelPlace ReadLabel(ReadOnlySpan<byte> payload, int start, int length)
    {
        (int Start, int Length) name = default, value = default;
        var reader = new ProtoReader(payload.Slice(start, length));
        while (reader.Next())
        {
            if (reader.Field == 1)
                name = reader.BytesField();
            else if (reader.Field == 2)
                value = reader.BytesField();
            else
                reader.Skip();
        }
        return new LabelPlace(name.Start + start, name.Length, value.Start + start, value.Length);
    }
}
