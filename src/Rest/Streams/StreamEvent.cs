namespace Fleet.Rest.Streams;

/// <summary>One server-sent event before it is written.</summary>
/// <param name="Name">Null: only the id moves on, nothing is reported.</param>
/// <param name="Kind">Null: the stream as a whole.</param>
/// <param name="Version">Where this kind is resumed after the event; null: it has to be listed anew.</param>
internal sealed record StreamEvent(string? Name, string? Kind, byte[] Data, string? Version)
{
    public const string Added = "added";
    public const string Modified = "modified";
    public const string Deleted = "deleted";

    /// <summary>What is known of this kind is to be forgotten; <see cref="Added"/> follows for each object, then <see cref="Synced"/>.</summary>
    public const string Resync = "resync";
    public const string Synced = "synced";

    /// <summary>The last event: why the stream ends.</summary>
    public const string Closing = "closing";
}
