using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Control.Audit;

/// <summary>
/// How rows of the audit hang together: the hash of each is SHA-256 over the hash of the row before it and all of its own fields, each with its length, so
/// that no two rows have the same text. docs/guides/access.md has the format for those who verify it by other means.
/// </summary>
public static class AuditChain
{
    /// <summary>PostgreSQL keeps no finer times; what is hashed must be what comes back.</summary>
    public static DateTimeOffset Kept(DateTimeOffset time) => new(time.UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    public static string HashOf(AuditRecord record)
    {
        var call = record.Call;
        var text = new StringBuilder(512);
        Add(text, "previous", record.Previous);
        Add(text, "sequence", record.Sequence.ToString(CultureInfo.InvariantCulture));
        Add(text, "recorded", Text(record.Recorded));
        Add(text, "requestId", call.RequestId.ToString());
        Add(text, "time", Text(call.Time));
        Add(text, "user", call.User);
        Add(text, "uid", call.Uid);
        Add(text, "groups", call.Groups.Count.ToString(CultureInfo.InvariantCulture));
        foreach (var group in call.Groups)
            Add(text, "group", group);
        Add(text, "from", call.From);
        Add(text, "verb", call.Verb);
        Add(text, "resource", call.Resource);
        Add(text, "namespace", call.Namespace);
        Add(text, "name", call.Name);
        Add(text, "dryRun", call.DryRun ? "true" : "false");
        Add(text, "before", call.Before);
        Add(text, "after", call.After);
        Add(text, "outcome", call.Outcome);
        Add(text, "status", call.Status?.ToString(CultureInfo.InvariantCulture));
        Add(text, "detail", call.Detail);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>A line a field: its name, the bytes that it has in UTF-8 (or - where there is none), and it.</summary>
    private static void Add(StringBuilder text, string name, string? value)
    {
        text.Append(name).Append(' ');
        if (value is null)
            text.Append('-');
        else
            text.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(value)} {value}");
        text.Append('\n');
    }

    private static string Text(DateTimeOffset time) => Kept(time).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
