using Fleet.Observability.Ingest.Wire;

namespace Fleet.Observability.Ingest.Stores;

/// <summary>
/// Some series of a WriteRequest that lie one behind the other. A part of the fields of a protobuf message is a message too, so any range can be sent as it is.
/// </summary>
internal readonly struct SeriesRange
{
    private readonly ReadOnlyMemory<byte> message;
    private readonly IReadOnlyList<Place> series;
    private readonly int first;

    private SeriesRange(ReadOnlyMemory<byte> message, IReadOnlyList<Place> series, int first, int count)
    {
        (this.message, this.series, this.first) = (message, series, first);
        Count = count;
    }

    public int Count { get; }

    public ReadOnlyMemory<byte> Message => Count == 0 ? default : message[series[first].Start..series[first + Count - 1].End];

    public long Samples
    {
        get
        {
            long sum = 0;
            for (var i = first; i < first + Count; i++)
                sum += series[i].Samples;
            return sum;
        }
    }

    /// <param name="message">As <see cref="Samples.AcceptedSamples"/> writes it.</param>
    public static SeriesRange All(ReadOnlyMemory<byte> message)
    {
        var series = new List<Place>();
        var reader = new ProtoReader(message.Span);
        var start = 0;
        while (reader.Next())
        {
            var (at, length) = reader.BytesField();
            series.Add(new Place(start, reader.At, SamplesOf(message.Span.Slice(at, length))));
            start = reader.At;
        }
        return new SeriesRange(message, series, 0, series.Count);
    }

    /// <summary>At most so many parts of about the same size, none of them empty.</summary>
    public IReadOnlyList<SeriesRange> Split(int parts)
    {
        var result = new List<SeriesRange>();
        for (var i = 0; i < parts; i++)
        {
            var (from, to) = ((int)((long)Count * i / parts), (int)((long)Count * (i + 1) / parts));
            if (to > from)
                result.Add(new SeriesRange(message, series, first + from, to - from));
        }
        return result;
    }

    private static int SamplesOf(ReadOnlySpan<byte> one)
    {
        var samples = 0;
        var reader = new ProtoReader(one);
        while (reader.Next())
        {
            samples += reader.Field is 2 or 4 ? 1 : 0;
            reader.Skip();
        }
        return samples;
    }

    private readonly record struct Place(int Start, int End, int Samples);
}
