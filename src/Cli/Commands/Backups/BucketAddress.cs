using Fleet.Backup.Targets;
using Fleet.Cli.Output;

namespace Fleet.Cli.Commands.Backups;

/// <summary><c>s3://BUCKET/PREFIX?endpoint=…</c>; its keys are elsewhere.</summary>
internal sealed record BucketAddress(string Endpoint, string Bucket, string Prefix, string? Region, bool Insecure, ObjectLock? Lock)
{
    public const string Scheme = "s3://";

    /// <exception cref="CommandException">It is none.</exception>
    public static BucketAddress Parse(string text)
    {
        if (!text.StartsWith(Scheme, StringComparison.Ordinal) || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.UserInfo.Length > 0)
            throw new CommandException("An S3 location is written s3://BUCKET/PREFIX?endpoint=HOST:PORT; its keys are not in it.", ExitCodes.Usage);
        var query = uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : "", StringComparer.Ordinal);
        return new(query.GetValueOrDefault("endpoint", "s3.amazonaws.com"), uri.Host, uri.AbsolutePath.Trim('/'), query.GetValueOrDefault("region"), query.GetValueOrDefault("insecure") == "true", LockOf(query));
    }

    private static ObjectLock? LockOf(Dictionary<string, string> query) => query.GetValueOrDefault("lock") switch
    {
        null => null,
        "GOVERNANCE" or "COMPLIANCE" when int.TryParse(query.GetValueOrDefault("lockDays"), out var days) && days is > 0 and <= 36500 => new(query["lock"], TimeSpan.FromDays(days)),
        _ => throw new CommandException("lock is GOVERNANCE or COMPLIANCE, and lockDays a number of days.", ExitCodes.Usage),
    };
}
