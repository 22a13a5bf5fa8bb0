using Fleet.Contracts;
using Fleet.Contracts.Backups;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Sources.Buckets;

namespace Fleet.ClusterManager.Backups;

/// <summary>What Velero has in the management cluster. Only read: nothing of it is made, changed or deleted.</summary>
internal sealed class VeleroObjects(IKubernetesClient client, BackupSecrets secrets)
{
    private const string ScheduleLabel = "velero.io/schedule-name";

    private const int MostShown = 20;

    private static readonly GroupVersionKind Locations = new("velero.io", "v1", "BackupStorageLocation");

    private static readonly GroupVersionKind Backups = new("velero.io", "v1", "Backup");

    private static readonly string[] UsualNamespaces = [FleetApi.SystemNamespace, FleetApi.OlderSystemNamespace, "velero"];

    /// <summary>The bucket of a location, with its credentials.</summary>
    /// <param name="name">Null: the default one.</param>
    /// <param name="ct">Ends the reads.</param>
    /// <exception cref="BackupFailureException">It is not there, or can not be honoured.</exception>
    public async Task<BucketSource> SourceAsync(string? name, CancellationToken ct)
    {
        var location = VeleroLocation.Of(await LocationAsync(name, ct));
        var data = await secrets.ReadAsync(location.Secret, ct);
        if (data is null || BackupSecrets.Text(data, location.SecretKey) is not { } file || VeleroLocation.AccessIn(file, location.Profile) is not { } access)
        {
            throw new BackupFailureException(
                ManagementBackupReasons.LocationInvalid,
                $"Secret {location.Secret} of the BackupStorageLocation has no credentials for S3 in {location.SecretKey} (aws_access_key_id and aws_secret_access_key of [{location.Profile}])");
        }

        var authority = location.AuthorityRef is { } reference && await secrets.ReadAsync(reference.Secret, ct) is { } ca ? BackupSecrets.Text(ca, reference.Key) : null;
        return location.Source with { Access = access, CaBundle = authority ?? location.Source.CaBundle };
    }

    /// <summary>The newest of each schedule, and those that run. Nothing where there is no Velero.</summary>
    public async Task<IReadOnlyList<VeleroBackup>> BackupsAsync(CancellationToken ct)
    {
        if (await client.FindKindAsync(Backups, ct) is not { } kind)
            return [];
        var all = (await client.Dynamic(kind).ListAsync(ListOptions.All, ct)).Items.Select(Of).OrderByDescending(backup => backup.StartedAt).ThenBy(backup => backup.Name, StringComparer.Ordinal).ToList();
        return [.. all.Where((backup, index) => IsRunning(backup) || all.FindIndex(other => other.Schedule == backup.Schedule) == index).Take(MostShown)];
    }

    public static bool IsRunning(VeleroBackup backup) => backup.Phase is "InProgress" or "WaitingForPluginOperations" or "Finalizing";

    private async Task<DynamicObject> LocationAsync(string? name, CancellationToken ct)
    {
        if (await client.FindKindAsync(Locations, ct) is not { } kind)
        {
            throw new BackupFailureException(ManagementBackupReasons.LocationMissing, name is { Length: > 0 }
                ? $"There is no Velero in this cluster, and so no BackupStorageLocation {name}; name spec.bucket or spec.folder instead"
                : "Nothing says where to: name spec.bucket, spec.folder, or a storageLocation of Velero");
        }

        var found = (await client.Dynamic(kind).ListAsync(ListOptions.All, ct)).Items
            .Where(item => name is { Length: > 0 } ? item.Key.Name == name : item.At("spec", "default") is { } chosen && chosen.ToString() == "true").ToList();
        // Of several with the name that one counts which is where Fleet's or Velero's installer put it.
        return UsualNamespaces.Select(home => found.Find(item => item.Key.Namespace == home)).FirstOrDefault(item => item is not null)
            ?? (found.Count == 1 ? found[0] : throw new BackupFailureException(ManagementBackupReasons.LocationMissing, found.Count == 0
                ? name is { Length: > 0 } ? $"There is no BackupStorageLocation {name}" : "No BackupStorageLocation is the default one: name one as spec.storageLocation, or spec.bucket or spec.folder"
                : $"There are several BackupStorageLocations {name}: in {string.Join(", ", found.Select(item => item.Key.Namespace))}"));
    }

    private static VeleroBackup Of(DynamicObject item) => new()
    {
        Name = item.Key.ToString(),
        Schedule = item.Metadata.Labels?.GetValueOrDefault(ScheduleLabel),
        Phase = (string?)item.At("status", "phase"),
        StartedAt = Time(item, "startTimestamp"),
        CompletedAt = Time(item, "completionTimestamp"),
    };

    private static DateTimeOffset? Time(DynamicObject item, string field) =>
        DateTimeOffset.TryParse((string?)item.At("status", field), System.Globalization.CultureInfo.InvariantCulture, out var time) ? time : null;
}
