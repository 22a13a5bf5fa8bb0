using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Printing;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Serving;

/// <summary>Writes the lines of one watch in the form that was accepted.</summary>
internal sealed class WatchFrames(KindInfo kind, Representation representation, string? includeObject, TimeProvider clock)
{
    private bool columnsSent;

    public static ReadOnlySpan<byte> Added => "{\"type\":\"ADDED\",\"object\":"u8;
    public static ReadOnlySpan<byte> Modified => "{\"type\":\"MODIFIED\",\"object\":"u8;
    public static ReadOnlySpan<byte> Deleted => "{\"type\":\"DELETED\",\"object\":"u8;

    public void Write(PipeWriter pipe, ReadOnlySpan<byte> start, StoredObject item)
    {
        pipe.Write(start);
        switch (representation)
        {
            case Representation.Table:
                Write(pipe, TableDocument.Of(kind, [item], item.Revision, includeObject, clock, withColumns: !columnsSent));
                columnsSent = true;
                break;
            case Representation.PartialMetadata:
                Write(pipe, PartialMetadata.Of(item));
                break;
            default:
                ResponseBytes.WriteObject(pipe, kind, item);
                break;
        }
        pipe.Write("}\n"u8);
    }

    public void WriteBookmark(PipeWriter pipe, long revision, bool initialEnd)
    {
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture) };
        if (initialEnd) metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        var body = representation switch
        {
            Representation.PartialMetadata => new JsonObject { ["kind"] = "PartialObjectMetadata", ["apiVersion"] = "meta.k8s.io/v1", ["metadata"] = metadata },
            Representation.Table => new JsonObject
            {
                ["kind"] = "Table", ["apiVersion"] = "meta.k8s.io/v1", ["metadata"] = metadata, ["columnDefinitions"] = null,
                ["rows"] = new JsonArray(new JsonObject
                {
                    ["cells"] = new JsonArray(),
                    ["object"] = new JsonObject { ["kind"] = kind.Kind, ["apiVersion"] = kind.ApiVersion, ["metadata"] = metadata.DeepClone() },
                }),
            },
            _ => new JsonObject { ["kind"] = kind.Kind, ["apiVersion"] = kind.ApiVersion, ["metadata"] = metadata },
        };
        Encoding.ASCII.GetBytes("{\"type\":\"BOOKMARK\",\"object\":", pipe);
        Write(pipe, body);
        pipe.Write("}\n"u8);
    }

    private static void Write(PipeWriter pipe, JsonObject body) => pipe.Write(JsonSerializer.SerializeToUtf8Bytes(body, KubernetesJson.Default.JsonObject));
}
