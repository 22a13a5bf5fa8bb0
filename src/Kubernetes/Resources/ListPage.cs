using System.Text.Json;
using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Resources;

/// <summary>Decodes one page of a list in a single pass over its bytes, item by item, straight into typed objects.</summary>
internal static class ListPage
{
    /// <summary>Adds the items and returns what the list's own metadata says.</summary>
    internal static (string ResourceVersion, string? Continue) Read<T, TItem>(ReadOnlySpan<byte> json, ObjectCodec<T> codec, Func<T, TItem> project, List<TItem> items)
        where T : class, IKubernetesObject
    {
        var reader = new Utf8JsonReader(json);
        var resourceVersion = "";
        string? next = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("a list must be an object");
        var isList = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("items"u8))
            {
                isList = true;
                reader.Read();
                if (reader.TokenType == JsonTokenType.Null)
                    continue;
                ReadItems(ref reader, codec, project, items);
            }
            else if (reader.ValueTextEquals("metadata"u8))
            {
                reader.Read();
                isList = true;
                ReadMetadata(ref reader, ref resourceVersion, ref next);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return isList ? (resourceVersion, next) : throw new JsonException("the answer is not a list");
    }

    private static void ReadItems<T, TItem>(ref Utf8JsonReader reader, ObjectCodec<T> codec, Func<T, TItem> project, List<TItem> items)
        where T : class, IKubernetesObject
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("the items of a list must be an array");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var item = codec.Read(ref reader);
            codec.FillType(item);
            items.Add(project(item));
        }
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, ref string resourceVersion, ref string? next)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("resourceVersion"u8))
            {
                reader.Read();
                resourceVersion = reader.GetString() ?? "";
            }
            else if (reader.ValueTextEquals("continue"u8))
            {
                reader.Read();
                next = reader.GetString() is { Length: > 0 } token ? token : null;
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }
}
