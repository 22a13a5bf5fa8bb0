using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
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
    public static ReleaseContent? Read(DynamicObject secret)
    {
        if ((string?)secret.At("data", "release") is not { } data
            || !int.TryParse(secret.Metadata.Labels?.GetValueOrDefault("version"), NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
            return null;
        try
        {
            var release = JsonNode.Parse(Unpack(data));
            var chart = release?["chart"]?["metadata"];
            return new()
            {
                Revision = revision,
                Status = secret.Metadata.Labels!.GetValueOrDefault("status", ""),
                ChartName = (string?)chart?["name"] ?? "",
                ChartVersion = (string?)chart?["version"] ?? "",
                Manifest = (string?)release?["manifest"] ?? "",
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
