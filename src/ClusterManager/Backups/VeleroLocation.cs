using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.Backups;
using Fleet.Kubernetes.Objects;
using Fleet.Sources.Buckets;

namespace Fleet.ClusterManager.Backups;

/// <summary>A BackupStorageLocation of Velero as the bucket that it stands for. Pure; what can not be honoured is refused, never passed over.</summary>
internal sealed record VeleroLocation
{
    /// <summary>What Velero's installer makes.</summary>
    private const string UsualSecret = "cloud-credentials";

    private const string UsualSecretKey = "cloud";

    private VeleroLocation(BucketSource source, ObjectKey secret, string secretKey, string profile) => (Source, Secret, SecretKey, Profile) = (source, secret, secretKey, profile);

    /// <summary>Without its credentials.</summary>
    public BucketSource Source { get; }

    public ObjectKey Secret { get; }

    public string SecretKey { get; }

    /// <summary>Section of the credentials file.</summary>
    public string Profile { get; }

    public (ObjectKey Secret, string Key)? AuthorityRef { get; private init; }

    /// <exception cref="BackupFailureException">It is of another provider, read-only, or says what is not supported.</exception>
    public static VeleroLocation Of(DynamicObject item)
    {
        var shown = $"BackupStorageLocation {item.Key}";
        var provider = (string?)item.At("spec", "provider");
        if (provider is not ("aws" or "velero.io/aws"))
            throw Invalid($"{shown} is of provider {provider}; Fleet writes to aws and what is compatible with S3");
        if ((string?)item.At("spec", "accessMode") == "ReadOnly")
            throw Invalid($"{shown} is read-only");
        var config = item.At("spec", "config") as JsonObject ?? [];
        if ((string?)config["insecureSkipTLSVerify"] == "true")
            throw Invalid($"{shown} skips the check of certificates, which Fleet does not; name its authority in objectStorage.caCert");
        if ((string?)item.At("spec", "objectStorage", "bucket") is not { Length: > 0 } bucket)
            throw Invalid($"{shown} names no bucket");
        var region = (string?)config["region"];
        var (endpoint, insecure) = Endpoint(shown, (string?)config["s3Url"], region);
        var source = new BucketSource(endpoint, bucket)
        {
            Prefix = ((string?)item.At("spec", "objectStorage", "prefix"))?.Trim('/'), Region = region, Insecure = insecure, CaBundle = Authority(shown, (string?)item.At("spec", "objectStorage", "caCert")),
        };
        var home = item.Key.Namespace!;
        return new(
            source, new(home, (string?)item.At("spec", "credential", "name") is { Length: > 0 } name ? name : UsualSecret),
            (string?)item.At("spec", "credential", "key") is { Length: > 0 } key ? key : UsualSecretKey, (string?)config["profile"] is { Length: > 0 } profile ? profile : "default")
        {
            AuthorityRef = (string?)item.At("spec", "objectStorage", "caCertRef", "name") is { Length: > 0 } authority && (string?)item.At("spec", "objectStorage", "caCertRef", "key") is { } entry
                ? (new(home, authority), entry)
                : null,
        };
    }

    /// <summary>Of a file as the tools of AWS have it; null when the section or one of its keys is missing.</summary>
    public static BucketAccess? AccessIn(string file, string profile)
    {
        string? section = null, access = null, secret = null;
        foreach (var line in file.Split('\n').Select(line => line.Trim()))
        {
            if (line.StartsWith('[') && line.EndsWith(']'))
            {
                section = line[1..^1].Trim();
                continue;
            }

            if (section != profile || line.StartsWith('#') || line.IndexOf('=', StringComparison.Ordinal) is var equals && equals < 0)
                continue;
            var value = line[(equals + 1)..].Trim().Trim('"');
            switch (line[..equals].Trim())
            {
                case "aws_access_key_id": access = value; break;
                case "aws_secret_access_key": secret = value; break;
            }
        }

        return access is { Length: > 0 } && secret is { Length: > 0 } ? new(access, secret) : null;
    }

    private static (string Endpoint, bool Insecure) Endpoint(string shown, string? url, string? region)
    {
        if (url is not { Length: > 0 })
            return (region is { Length: > 0 } ? $"s3.{region}.amazonaws.com" : "s3.amazonaws.com", false);
        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
            ? (uri.Authority, uri.Scheme == "http")
            : throw Invalid($"{shown}: config.s3Url is no address");
    }

    /// <summary>PEM, which Velero keeps as base64 as all bytes in JSON.</summary>
    private static string? Authority(string shown, string? encoded)
    {
        if (encoded is not { Length: > 0 })
            return null;
        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : throw Invalid($"{shown}: objectStorage.caCert is no base64");
    }

    private static BackupFailureException Invalid(string message) => new(ManagementBackupReasons.LocationInvalid, message);
}
