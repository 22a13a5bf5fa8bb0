using System.CommandLine;
using Fleet.Backup.Archives;
using Fleet.Backup.Targets;
using Fleet.Cli.Output;
using Fleet.Sources.Buckets;

namespace Fleet.Cli.Commands.Backups;

/// <summary>Where backups lie and what opens them, as options say it. Secrets come from files or the environment, never from arguments.</summary>
/// <param name="isRequired">Whether there is nothing to do without a place.</param>
internal sealed class BackupPlace(bool isRequired = true)
{
    public Option<string> Location { get; } = new("--at", "--from", "--to")
    {
        Description = "Folder, or s3://BUCKET/PREFIX?endpoint=HOST:PORT&region=R[&insecure=true][&lock=GOVERNANCE|COMPLIANCE&lockDays=N] with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment",
        Required = isRequired,
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

    /// <summary>Whether a place is named.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(Location) is not null;

    public IBackupTarget Target(ParseResult parsed)
    {
        var location = parsed.GetValue(Location)!;
        if (!location.StartsWith(BucketAddress.Scheme, StringComparison.Ordinal))
            return new FolderTarget(location);
        var address = BucketAddress.Parse(location);
        var (access, secret) = (Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID"), Environment.GetEnvironmentVariable("AWS_SECRET_ACCESS_KEY"));
        var source = new BucketSource(address.Endpoint, address.Bucket)
        {
            Prefix = address.Prefix,
            Region = address.Region,
            Insecure = address.Insecure,
            Access = access is { Length: > 0 } && secret is { Length: > 0 } ? new(access, secret) : null,
        };
        return new BucketTarget(source, address.Lock, TimeProvider.System);
    }
}
