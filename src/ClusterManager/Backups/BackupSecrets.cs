using System.Text;
using System.Text.Json.Nodes;
using Fleet.Backup.Archives;
using Fleet.Contracts;
using Fleet.Contracts.Backups;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Sources.Buckets;

namespace Fleet.ClusterManager.Backups;

/// <summary>Reads the Secrets that ManagementBackups name. Messages name Secrets and keys, never what is in them.</summary>
internal sealed class BackupSecrets(IKubernetesClient client)
{
    /// <summary>Where no other is named.</summary>
    public const string UsualKey = "fleet-backup-key";

    /// <exception cref="BackupFailureException">There is none, or it is no key.</exception>
    public async Task<ArchiveSecret> KeyAsync(ManagementBackupSpec spec, CancellationToken ct)
    {
        var name = spec.EncryptionSecretRef?.Name is { Length: > 0 } given ? given : UsualKey;
        var place = $"Secret {FleetApi.SystemNamespace}/{name}";
        var howTo = $"kubectl -n {FleetApi.SystemNamespace} create secret generic {name} --from-literal=key=$(openssl rand -hex 32)";
        if (await ReadAsync(new(FleetApi.SystemNamespace, name), ct) is not { } data)
            throw new BackupFailureException(ManagementBackupReasons.KeyMissing, $"Backups are always encrypted, and {place} does not exist. Make one, and keep a copy of the key outside of this cluster: {howTo}");
        try
        {
            if (data.TryGetValue("key", out var key))
                return ArchiveSecret.FromKeyFile(key);
            if (data.TryGetValue("passphrase", out var passphrase))
                return ArchiveSecret.FromPassphrase(Encoding.UTF8.GetString(passphrase).TrimEnd('\n', '\r'));
        }
        catch (FormatException e)
        {
            throw new BackupFailureException(ManagementBackupReasons.KeyInvalid, $"{place}: {e.Message}", e);
        }

        throw new BackupFailureException(ManagementBackupReasons.KeyInvalid, $"{place} has neither key nor passphrase. A new one: {howTo}");
    }

    /// <exception cref="BackupFailureException">It is not there, or lacks a key.</exception>
    public async Task<(BucketAccess Access, string? Authority)> BucketAsync(string name, CancellationToken ct)
    {
        var place = $"Secret {FleetApi.SystemNamespace}/{name}";
        var data = await ReadAsync(new(FleetApi.SystemNamespace, name), ct)
            ?? throw new BackupFailureException(ManagementBackupReasons.LocationInvalid, $"{place} of the bucket does not exist; it needs accesskey and secretkey");
        if (Text(data, "accesskey") is not { } access || Text(data, "secretkey") is not { } secret)
            throw new BackupFailureException(ManagementBackupReasons.LocationInvalid, $"{place} of the bucket needs accesskey and secretkey");
        return (new(access.Trim(), secret.Trim()), Text(data, "ca.crt"));
    }

    /// <summary>Null when there is no such Secret.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>?> ReadAsync(ObjectKey key, CancellationToken ct)
    {
        if (await client.Dynamic(CoreKinds.Secrets).GetAsync(key, ct) is not { } secret)
            return null;
        var result = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (entry, value) in secret.At("data") as JsonObject ?? [])
        {
            if (value is not null)
                result[entry] = Convert.FromBase64String((string)value!);
        }

        return result;
    }

    public static string? Text(IReadOnlyDictionary<string, byte[]> data, string key) => data.TryGetValue(key, out var value) ? Encoding.UTF8.GetString(value) : null;
}
