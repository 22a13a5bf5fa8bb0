using System.Text.Unicode;

namespace Fleet.Observability.Ingest.Samples;

/// <summary>What the protocol asks of the labels of a series. Names are those that every PromQL can ask for (no UTF-8 names).</summary>
internal static class SeriesRules
{
    /// <returns>Null when there is nothing to object to.</returns>
    public static RefusalReason? Check(ReadOnlySpan<byte> payload, SeriesBuffer series, SampleLimits limits)
    {
        if (series.HasTooManyLabels)
            return RefusalReason.TooManyLabels;
        var isNamed = false;
        ReadOnlySpan<byte> previous = default;
        foreach (var label in series.Labels)
        {
            var name = payload.Slice(label.Name, label.NameLength);
            var value = payload.Slice(label.Value, label.ValueLength);
            if (name.IsEmpty || value.IsEmpty)
                return RefusalReason.LabelEmpty;
            if (name.Length > limits.LabelNameBytes || value.Length > limits.LabelValueBytes)
                return RefusalReason.LabelTooLong;
            var order = previous.SequenceCompareTo(name);
            if (order >= 0)
                return order == 0 ? RefusalReason.LabelDuplicated : RefusalReason.LabelsNotSorted;
            if (!IsName(name, colons: false))
                return RefusalReason.LabelNameInvalid;
            if (!Utf8.IsValid(value))
                return RefusalReason.LabelNotUtf8;
            if (name.SequenceEqual("__name__"u8))
            {
                if (!IsName(value, colons: true))
                    return RefusalReason.MetricNameInvalid;
                isNamed = true;
            }
            previous = name;
        }
        return isNamed ? null : RefusalReason.NoMetricName;
    }

    /// <summary>The name of the metric, for a human; empty when it has none.</summary>
    public static ReadOnlySpan<byte> MetricName(ReadOnlySpan<byte> payload, SeriesBuffer series)
    {
        foreach (var label in series.Labels)
            if (payload.Slice(label.Name, label.NameLength).SequenceEqual("__name__"u8))
                return payload.Slice(label.Value, label.ValueLength);
        return default;
    }

    private static bool IsName(ReadOnlySpan<byte> name, bool colons)
    {
        if (char.IsAsciiDigit((char)name[0]))
            return false;
        foreach (var c in name)
            if (!char.IsAsciiLetterOrDigit((char)c) && c != '_' && !(colons && c == ':'))
                return false;
        return true;
    }
}
