using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Releases;

/// <summary>
/// One revision as helm's record of it says, read without helm. Helm 3 and 4 write the same form: JSON, gzipped, in base64, in a Secret.
/// Never logged: values of a release may be secret.
/// </summary>
internal sealed class ReleaseContent
{
    /// <summary>A Secret holds at most 1 MiB; what unpacks to more than this is no record.</summary>
    private const int LargestRecord = 64 * 1024 * 1024;

    public required int Revision { get; init; }

    public required string Status { get; init; }

    public required string ChartName { get; init; }

    public required string ChartVersion { get; init; }

    public required string Manifest { get; init; }

    public bool IsDeployed => Status == "deployed";

    /// <summary>Null when the Secret is no record of a release.</summary>
    public static ReleaseContent? Read(DynamicObject secret, ReleaseRecord record)
    {
        if ((string?)secret.At("data", "release") is not { } data)
            return null;
        try
        {
            var release = JsonSerializer.Deserialize(Unpack(data), ReleaseJson.Default.ReleaseBody);
            return new()
            {
                Revision = record.Revision,
                Status = record.Status,
                ChartName = release?.Chart?.Metadata?.Name ?? "",
                ChartVersion = release?.Chart?.Metadata?.Version ?? "",
                Manifest = release?.Manifest ?? "",
            };
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public override string ToString() => $"revision {Revision} ({Status})";

    private static byte[] Unpack(string data)
    {
        var packed = Convert.FromBase64String(Encoding.ASCII.GetString(Convert.FromBase64String(data)));
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var text = new MemoryStream();
        var buffer = new byte[81920];
        for (var read = gzip.Read(buffer); read > 0; read = gzip.Read(buffer))
        {
            if (text.Length + read > LargestRecord)
                throw new InvalidDataException("the record is larger than any release");
            text.Write(buffer, 0, read);
        }
        return text.ToArray();
    }
}

/// <summary>The part of a record that is read; templates and values, which are most of it, are skipped.</summary>
internal sealed record ReleaseBody(string? Manifest, ReleaseBody.ChartBody? Chart)
{
    internal sealed record ChartBody(ChartMetadata? Metadata);

    internal sealed record ChartMetadata(string? Name, string? Version);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReleaseBody))]
internal sealed partial class ReleaseJson : JsonSerializerContext;
