using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Storage;

/// <summary>One version of one object, as the bytes that are sent to clients. Immutable; clusters share instances.</summary>
internal sealed class StoredObject
{
    // Zero until asked for; racing readers make the same.
    private ulong labelMarks;

    public StoredObject(ObjectKey key, byte[] json, int tailOffset, long revision, string uid, string[]? ownerUids)
    {
        Key = key;
        Json = json;
        TailOffset = tailOffset;
        Revision = revision;
        Uid = uid;
        OwnerUids = ownerUids;
    }

    public ObjectKey Key { get; }

    /// <summary><c>{"apiVersion":…,"kind":…,"metadata":…</c> in this order, so that another served version needs another head only.</summary>
    public byte[] Json { get; }

    /// <summary>Where the head (apiVersion and kind) ends: the offset of the comma before <c>"metadata"</c>.</summary>
    public int TailOffset { get; }

    public long Revision { get; }
    public string Uid { get; }

    /// <summary>Null where nobody owns it, which is most of the time.</summary>
    public string[]? OwnerUids { get; }

    /// <summary>Of its labels; made when the first selector asks. See <see cref="Storage.LabelMarks"/>.</summary>
    public ulong LabelMarks => labelMarks != 0 ? labelMarks : labelMarks = Fleet.ControlPlane.Storage.LabelMarks.Of(this);

    public ReadOnlySpan<byte> Tail => Json.AsSpan(TailOffset);

    public JsonObject Parse() => (JsonObject)JsonNode.Parse(Json)!;

    public Utf8JsonReader Read() => new(Json);
}
