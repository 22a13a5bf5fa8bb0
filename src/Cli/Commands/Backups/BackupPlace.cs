using System.CommandLine;
using Fleet.Backup.Archives;
using Fleet.Backup.Targets;
using Fleet.Cli.Output;
using Fleet.Sources.Buckets;

namespace Fleet.Cli.Commands.Backups;

/// <summary>Where backups lie and what opens them, as options say it. Secrets come from files or the environment, never from arguments.</summary>
internal sealed class BackupPlace
{
    private const string Scheme = "s3://";

    public Option<string> Location { get; } = new("--at", "--from", "--to")
    {
        Description = "Folder, or s3://BUCKET/PREFIX?endpoint=HOST:PORT&region=R[&insecure=true][&lock=GOVERNANCE|COMPLIANCE&lockDays=N] with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment",
        Required = true,
    };

    public Option<string?> KeyFile { get; } = new("--key-file") { Description = "File with the 32 bytes of the key, raw, as 64 hexadecimal digits or base64 (openssl rand -hex 32)" };

    public Option<string?> PassphraseFile { get; } = new("--passphrase-file") { Description = "File whose first line is the passphrase. Without either option: $FLEET_BACKUP_PASSPHRASE" };

    public ArchiveSecret Secret(ParseResult parsed)
    {
        if (parsed.GetValue(KeyFile) is { } key)
            return ArchiveSecret.FromKeyFile(File.ReadAllBytes(key));
        if (parsed.GetValue(PassphraseFile) is { } file)
            return ArchiveSecret.FromPassphrase(File.ReadLines(file).FirstOrDefault() ?? "");
        return Environment.GetEnvironmentVariable("FLEET_BACKUP_PASSPHRASE") is { Length: > 0 } passphrase
            ? ArchiveSecret.FromPassphrase(passphrase)
            : throw new CommandException("Backups are always encrypted: name --key-file or --passphrase-file, or set FLEET_BACKUP_PASSPHRASE. A new key: openssl rand -hex 32 > backup.key", ExitCodes.Usage);
    }

    public IBackupTarget Target(ParseResult parsed)
    {
        var location = parsed.GetValue(Location)!;
        if (!location.StartsWith(Scheme, StringComparison.Ordinal))
            return new FolderTarget(location);
        if (!Uri.TryCreate(location, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.UserInfo.Length > 0)
            throw new CommandException("An S3 location is written s3://BUCKET/PREFIX?endpoint=HOST:PORT; its keys are in the environment, not in it.", ExitCodes.Usage);
        var query = uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : "", StringComparer.Ordinal);
        var (access, secret) = (Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID"), Environment.GetEnvironmentVariable("AWS_SECRET_ACCESS_KEY"));
        var source = new BucketSource(query.GetValueOrDefault("endpoint", "s3.amazonaws.com"), uri.Host)
        {
            Prefix = uri.AbsolutePath.Trim('/'),
            Region = query.GetValueOrDefault("region"),
            Insecure = query.GetValueOrDefault("insecure") == "true",
            Access = access is { Length: > 0 } && secret is { Length: > 0 } ? new(access, secret) : null,
        };
        return new BucketTarget(source, LockOf(query), TimeProvider.System);
    }

    private static ObjectLock? LockOf(Dictionary<string, string> query) => query.GetValueOrDefault("lock") switch
    {
        null => null,
        "GOVERNANCE" or "COMPLIANCE" when int.TryParse(query.GetValueOrDefault("lockDays"), out var days) && days is > 0 and <= 36500 => new(query["lock"], TimeSpan.FromDays(days)),
        _ => throw new CommandException("lock is GOVERNANCE or COMPLIANCE, and lockDays a number of days.", ExitCodes.Usage),
    };
}
