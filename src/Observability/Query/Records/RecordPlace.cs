using System.Globalization;

namespace Fleet.Observability.Query.Records;

/// <summary>Where a page ended: the time and the place of its last row. It grants nothing: every page is authorised anew.</summary>
internal readonly record struct RecordPlace(DateTime Time, string Row)
{
    /// <exception cref="TelemetryQueryException">It is not what a page gave.</exception>
    public static RecordPlace? Parse(string? text)
    {
        if (text is null)
            return null;
        var parts = text.Split('.');
        return parts.Length == 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds < 250_000_000_000_000_000
            && uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var block)
            && ushort.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? new(DateTime.UnixEpoch.AddMicroseconds(microseconds), $"({block},{offset})")
            : throw new TelemetryQueryException("continue must be what the page before gave");
    }

    public override string ToString()
    {
        var microseconds = (Time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return $"{microseconds.ToString(CultureInfo.InvariantCulture)}.{Row.Trim('(', ')').Replace(',', '.')}";
    }
}
