using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>Helm's record of a release: JSON, gzipped, in base64, in a Secret.</summary>
internal static class ReleaseRecordText
{
    /// <summary>The record as helm leaves it when it is killed in the middle, by default of the first installation.</summary>
    public static DynamicObject Pending(DynamicObject secret, string status = "pending-install")
    {
        var root = (JsonObject)secret.Root.DeepClone();
        var release = JsonNode.Parse(Unpack((string)root["data"]!["release"]!))!;
        release["info"]!["status"] = status;
        root["data"]!["release"] = Pack(release.ToJsonString());
        root["metadata"]!["labels"]!["status"] = status;
        return new(root);
    }

    private static string Unpack(string data)
    {
        var packed = Convert.FromBase64String(Encoding.ASCII.GetString(Convert.FromBase64String(data)));
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var text = new StreamReader(gzip);
        return text.ReadToEnd();
    }

    private static string Pack(string json)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(json));
        return Convert.ToBase64String(Encoding.ASCII.GetBytes(Convert.ToBase64String(packed.ToArray())));
    }
}
