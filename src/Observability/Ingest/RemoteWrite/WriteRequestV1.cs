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
            series.Clear();
            ReadSeries(payload, start, length, series, accepted);
            accepted.Add(payload, series);
        }
    }

    private static void ReadSeries(ReadOnlySpan<byte> payload, int start, int length, SeriesBuffer series, AcceptedSamples accepted)
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
