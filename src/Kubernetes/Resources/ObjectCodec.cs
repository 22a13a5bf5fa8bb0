using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Resources;

/// <summary>JSON of one kind, from and to the wire.</summary>
internal abstract class ObjectCodec<T>(ResourceKind kind) where T : class, IKubernetesObject
{
    internal ResourceKind Kind { get; } = kind;

    /// <summary>What objects and watches are asked for as.</summary>
    internal virtual string Accept => "application/json";

    internal virtual string AcceptList => Accept;

    /// <summary>The reader stands before or on the first token of the object; afterwards on its last.</summary>
    internal abstract T Read(ref Utf8JsonReader reader);

    internal abstract void Write(Utf8JsonWriter writer, T body);

    /// <summary>Items of lists have neither on the wire.</summary>
    internal abstract void FillType(T item);

    internal T Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return Read(ref reader);
    }
}

internal class TypedCodec<T>(ResourceType<T> type) : ObjectCodec<T>(type.Kind) where T : class, IKubernetesObject
{
    /// <summary>
    /// The converter reads in place. <see cref="JsonSerializer.Deserialize{T}(ref Utf8JsonReader, System.Text.Json.Serialization.Metadata.JsonTypeInfo{T})"/> would first run over the
    /// whole value to find its end, a second pass over every byte of a list.
    /// </summary>
    private readonly JsonConverter<T> converter = (JsonConverter<T>)type.Json.Converter;

    internal override T Read(ref Utf8JsonReader reader)
        => converter.Read(ref reader, typeof(T), type.Json.Options) ?? throw new JsonException("an object is null");

    internal override void Write(Utf8JsonWriter writer, T body)
    {
        if (body is KubernetesObject or not { ApiVersion: null or "", Kind: null or "" })
        {
            FillType(body);
            JsonSerializer.Serialize(writer, body, type.Json);
            return;
        }

        // A type of the caller's own without settable type fields.
        var json = JsonSerializer.SerializeToNode(body, type.Json)!.AsObject();
        DynamicCodec.FillType(json, Kind);
        json.WriteTo(writer);
    }

    internal override void FillType(T item)
    {
        if (item is not KubernetesObject known)
            return;
        known.ApiVersion ??= Kind.ApiVersion;
        known.Kind ??= Kind.Kind;
    }
}

/// <summary>A server that cannot leave the rest away sends whole objects, of which nothing but the metadata is read.</summary>
internal sealed class MetadataCodec(ResourceKind kind) : TypedCodec<PartialObjectMetadata>(new(kind, CoreJson.Default.PartialObjectMetadata))
{
    internal override string Accept => "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

    internal override string AcceptList => "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
}

internal sealed class DynamicCodec(ResourceKind kind) : ObjectCodec<DynamicObject>(kind)
{
    internal override DynamicObject Read(ref Utf8JsonReader reader)
        => new(JsonNode.Parse(ref reader) as JsonObject ?? throw new JsonException("an object is null"));

    internal override void Write(Utf8JsonWriter writer, DynamicObject body)
    {
        var json = body.Root;
        if (json["apiVersion"] is null || json["kind"] is null)
            FillType(json = json.DeepClone().AsObject(), Kind);
        json.WriteTo(writer);
    }

    internal override void FillType(DynamicObject item) => FillType(item.Root, Kind);

    internal static void FillType(JsonObject json, ResourceKind kind)
    {
        if (json["kind"] is null)
        {
            json.Remove("kind");
            json.Insert(0, "kind", kind.Kind);
        }

        if (json["apiVersion"] is null)
        {
            json.Remove("apiVersion");
            json.Insert(0, "apiVersion", kind.ApiVersion);
        }
    }
}
