using Fleet.Observability.Ingest.RemoteWrite;
using Fleet.Observability.Ingest.Wire;

namespace Fleet.Observability.Ingest.Stores;

/// <summary>Takes out of a WriteRequest what has become too old for the store.</summary>
internal static class StaleSamples
{
    /// <summary>Appends the series that still have samples; returns how many samples were left out.</summary>
    public static long LeaveOut(ReadOnlySpan<byte> message, long oldest, PooledBytes to)
    {
        long left = 0;
        var request = new ProtoReader(message);
        while (request.Next())
        {
            var (start, length) = request.BytesField();
            var series = message.Slice(start, length);
            // The length of the rest is known only afterwards; it is at most as long as it was.
            using var rest = new PooledBytes(length);
            var (kept, dropped) = Filter(series, oldest, rest);
            left += dropped;
            if (kept == 0)
                continue;
            var span = to.GetSpan(ProtoFields.SizeOfBytes(rest.Length));
            to.Advance(ProtoFields.WriteBytes(span, 1, rest.Span));
        }
        return left;
    }

    private static (int Kept, int Dropped) Filter(ReadOnlySpan<byte> series, long oldest, PooledBytes rest)
    {
        int kept = 0, dropped = 0, fieldStart = 0;
        var reader = new ProtoReader(series);
        while (reader.Next())
        {
            var (start, length) = reader.BytesField();
            var content = series.Slice(start, length);
            var isSample = reader.Field is 2 or 4;
            var timestamp = reader.Field switch
            {
                2 => SampleFields.ReadSample(content).Timestamp,
                4 => SampleFields.TimestampOfHistogram(content),
                _ => long.MaxValue,
            };
            if (timestamp >= oldest)
            {
                rest.Append(series[fieldStart..reader.At]);
                kept += isSample ? 1 : 0;
            }
            else
            {
                dropped++;
            }
            fieldStart = reader.At;
        }
        return (kept, dropped);
    }
}
