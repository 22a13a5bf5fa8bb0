namespace Fleet.Observability.Ingest.Records;

/// <summary>The times of which records are taken.</summary>
internal readonly record struct RecordWindow(DateTimeOffset Oldest, DateTimeOffset Newest)
{
    /// <summary>Nanoseconds since 1970; null for a time that cannot be one.</summary>
    public static DateTimeOffset? Time(ulong nanoseconds) =>
        nanoseconds is 0 or > long.MaxValue ? null : DateTimeOffset.UnixEpoch.AddTicks((long)(nanoseconds / 100));

    /// <summary>Why a record of this time is not taken; null when it is.</summary>
    public string? Refusal(DateTimeOffset? time) => time is not { } at ? "no_time" : at < Oldest ? "too_old" : at > Newest ? "in_the_future" : null;
}
