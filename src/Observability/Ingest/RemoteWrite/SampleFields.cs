using Fleet.Observability.Ingest.Samples;
using Fleet.Observability.Ingest.Wire;

namespace Fleet.Observability.Ingest.RemoteWrite;

/// <summary>The messages that both versions of remote write share.</summary>
internal static class SampleFields
{
    /// <summary>A value of 0 and a time of 0 may be left out.</summary>
    public static Sample ReadSample(ReadOnlySpan<byte> sample)
    {
        ulong bits = 0;
        long timestamp = 0;
        var reader = new ProtoReader(sample);
        while (reader.Next())
        {
            if (reader.Field == 1)
                bits = reader.Fixed64Field();
            else if (reader.Field == 2)
                timestamp = (long)reader.VarintField();
            else
                reader.Skip();
        }
        return new Sample(timestamp, bits);
    }

    /// <summary>Field 15; the rest of a histogram goes on unread, but must be a message.</summary>
    public static long TimestampOfHistogram(ReadOnlySpan<byte> histogram)
    {
        long timestamp = 0;
        var reader = new ProtoReader(histogram);
        while (reader.Next())
        {
            if (reader.Field == 15)
                timestamp = (long)reader.VarintField();
            else
                reader.Skip();
        }
        return timestamp;
    }

    /// <summary>An exemplar (labels=1, value=2, timestamp=3) that can go on as it is.</summary>
    public static bool IsExemplar(ReadOnlySpan<byte> exemplar)
    {
        var labels = 0;
        var reader = new ProtoReader(exemplar);
        while (reader.Next())
        {
            if (reader.Field == 1)
                labels += reader.BytesField().Length;
            else
                reader.Skip();
        }
        // OpenMetrics allows 128 characters in names and values together.
        return labels <= 512;
    }
}
