using System.CommandLine;
using System.Text.Json.Nodes;
using Fleet.Control.Durations;
using Fleet.Kubernetes.Schedules;

namespace Fleet.Cli.Commands.Backups;

/// <summary>The spec of a ManagementBackup, as options say it. Secrets are named, never given.</summary>
internal sealed class ScheduleSpec
{
    private readonly Option<string?> cron = new("--cron") { Description = "When, for instance \"0 3 * * *\" or @daily. Without it one backup is made, once" };
    private readonly Option<string?> zone = new("--time-zone") { Description = "Of the schedule, for instance Europe/Paris. Default: UTC" };
    private readonly Option<string?> bucket = new("--bucket") { Description = "s3://BUCKET/PREFIX?endpoint=HOST:PORT&region=R[&insecure=true][&lock=GOVERNANCE|COMPLIANCE&lockDays=N]; needs --bucket-secret" };
    private readonly Option<string?> bucketSecret = new("--bucket-secret") { Description = "Secret in kcm-system with accesskey and secretkey" };
    private readonly Option<string?> location = new("--storage-location") { Description = "A BackupStorageLocation of Velero instead of a bucket" };
    private readonly Option<string?> folder = new("--folder") { Description = "Name of a folder below the one that Fleet keeps backups in, instead of a bucket" };
    private readonly Option<string?> keySecret = new("--key-secret") { Description = "Secret in kcm-system with key (32 bytes, openssl rand -hex 32) or passphrase. Default: fleet-backup-key" };
    private readonly Option<int?> keep = new("--keep") { Description = "How many stay" };
    private readonly Option<string?> age = new("--max-age") { Description = "How old they may become, for instance 720h" };
    private readonly Option<bool> upgrade = new("--before-upgrades") { Description = "Also make one before the Management's release changes; the upgrade waits for it" };
    private readonly Option<bool> without = new("--without-database") { Description = "Leave Fleet's database out" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[cron, zone, bucket, bucketSecret, location, folder, keySecret, keep, age, upgrade, without])
            command.Add(option);
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(cron) is { } text && CronSchedule.Problem(text) is { } problem)
                parsed.AddError($"--cron \"{text}\" is no schedule: {problem}");
            if (parsed.GetValue(zone) is { } named && !TimeZoneInfo.TryFindSystemTimeZoneById(named, out _))
                parsed.AddError($"--time-zone {named} is not known");
            if (((string?[])[parsed.GetValue(bucket), parsed.GetValue(location), parsed.GetValue(folder)]).Count(given => given is not null) != 1)
                parsed.AddError("Say where to: one of --bucket, --storage-location and --folder");
            if (parsed.GetValue(bucket) is not null && parsed.GetValue(bucketSecret) is null)
                parsed.AddError("--bucket needs --bucket-secret, the name of a Secret in kcm-system");
            if (parsed.GetValue(keep) is < 1)
                parsed.AddError("--keep must be at least 1");
            if (parsed.GetValue(age) is { } oldest && !GoDuration.TryParse(oldest, out _))
                parsed.AddError($"--max-age \"{oldest}\" is no duration; 720h is one");
            if (parsed.GetValue(upgrade) && parsed.GetValue(cron) is null)
                parsed.AddError("--before-upgrades needs --cron");
        });
    }

    public JsonObject Of(ParseResult parsed)
    {
        var spec = new JsonObject
        {
            ["schedule"] = parsed.GetValue(cron),
            ["timeZone"] = parsed.GetValue(zone),
            ["storageLocation"] = parsed.GetValue(location),
            ["folder"] = parsed.GetValue(folder),
            ["bucket"] = parsed.GetValue(bucket) is { } address ? Bucket(address, parsed.GetValue(bucketSecret)!) : null,
            ["encryptionSecretRef"] = parsed.GetValue(keySecret) is { } key ? new JsonObject { ["name"] = key } : null,
            ["performOnManagementUpgrade"] = parsed.GetValue(upgrade) ? true : null,
            ["excludeDatabase"] = parsed.GetValue(without) ? true : null,
            ["retention"] = parsed.GetValue(keep) is null && parsed.GetValue(age) is null ? null : Without(new() { ["count"] = parsed.GetValue(keep), ["age"] = parsed.GetValue(age) }),
        };
        return Without(spec);
    }

    public DateTimeOffset? Next(ParseResult parsed, DateTimeOffset now) => parsed.GetValue(cron) is { } text
        ? CronSchedule.Parse(text).Next(now, parsed.GetValue(zone) is { } named ? TimeZoneInfo.FindSystemTimeZoneById(named) : TimeZoneInfo.Utc)
        : null;

    private static JsonObject Bucket(string address, string secret)
    {
        var place = BucketAddress.Parse(address);
        return Without(new()
        {
            ["endpoint"] = place.Endpoint,
            ["name"] = place.Bucket,
            ["prefix"] = place.Prefix.Length > 0 ? place.Prefix : null,
            ["region"] = place.Region,
            ["insecure"] = place.Insecure ? true : null,
            ["secretRef"] = new JsonObject { ["name"] = secret },
            ["lock"] = place.Lock is { } protect ? new JsonObject { ["mode"] = protect.Mode, ["days"] = (int)protect.Duration.TotalDays } : null,
        });
    }

    /// <summary>Without what was not said: a field that is there and null is another thing to an API server.</summary>
    private static JsonObject Without(JsonObject fields)
    {
        foreach (var name in fields.Where(field => field.Value is null).Select(field => field.Key).ToList())
            fields.Remove(name);
        return fields;
    }
}
