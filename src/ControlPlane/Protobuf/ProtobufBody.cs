using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Protobuf;

/// <summary>
/// Decodes Kubernetes' protobuf into JSON, for requests only: kubectl sends it for built-in kinds, and takes JSON in return.
/// Go writes fields that are not pointers even when they are zero, so zeros that JSON would leave out are left out here.
/// </summary>
internal static class ProtobufBody
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private const int MaxDepth = 64;

    private static readonly HashSet<string> MeaningfulFalse = new(StringComparer.Ordinal)
    {
        "automountServiceAccountToken", "enableServiceLinks", "readOnlyRootFilesystem", "allowPrivilegeEscalation", "runAsNonRoot", "privileged",
        "immutable", "suspend", "controller", "blockOwnerDeletion", "optional", "allocateLoadBalancerNodePorts", "allowVolumeExpansion", "orphanDependents",
        "setHostnameAsFQDN", "hostUsers", "ready", "serving", "terminating", "attachRequired", "podInfoOnMount", "manualSelector",
    };

    private static readonly HashSet<string> MeaninglessZero = new(StringComparer.Ordinal)
    {
        "generation", "observedGeneration", "hostPort", "nodePort", "minReadySeconds", "initialDelaySeconds", "timeoutSeconds", "periodSeconds",
        "successThreshold", "failureThreshold", "count", "port", "iscsiInterface", "startPort", "endPort", "updatedReplicas", "readyReplicas",
        "availableReplicas", "unavailableReplicas", "fullyLabeledReplicas", "currentHealthy", "desiredHealthy", "disruptionsAllowed", "expectedPods",
    };

    public static JsonObject Decode(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith("k8s\0"u8)) throw Malformed();
        string apiVersion = "", kind = "";
        ReadOnlySpan<byte> raw = default;
        var envelope = new ProtobufReader(bytes[4..]);
        while (envelope.Next())
        {
            if (envelope.Field == 1)
            {
                var type = new ProtobufReader(envelope.Bytes);
                while (type.Next())
                {
                    if (type.Field == 1) apiVersion = Encoding.UTF8.GetString(type.Bytes);
                    else if (type.Field == 2) kind = Encoding.UTF8.GetString(type.Bytes);
                }
            }
            else if (envelope.Field == 2)
            {
                raw = envelope.Bytes;
            }
        }
        var name = MessageTable.NameOf(apiVersion, kind);
        if (MessageTable.Find(name) is null) throw ApiErrors.UnsupportedMediaType("application/json, application/yaml");
        var body = new JsonObject { ["kind"] = kind, ["apiVersion"] = apiVersion };
        Message(raw, name, body, 0);
        if (body["status"] is JsonObject status && status.All(f => f.Value is JsonObject { Count: 0 })) body.Remove("status");
        return body;
    }

    private static void Message(ReadOnlySpan<byte> bytes, string name, JsonObject target, int depth)
    {
        if (depth > MaxDepth || MessageTable.Find(name) is not { } fields) throw Malformed();
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            if (!fields.TryGetValue(reader.Field, out var field)) continue;
            switch (field.Shape)
            {
                case FieldShape.Inline:
                    Message(reader.Bytes, field.Type, target, depth + 1);
                    break;
                case FieldShape.List:
                    if (target[field.Name] is not JsonArray list) target[field.Name] = list = [];
                    list.Add(Value(reader, field, depth, keepZero: true));
                    break;
                case FieldShape.Map:
                    if (target[field.Name] is not JsonObject map) target[field.Name] = map = [];
                    Entry(reader.Bytes, field, map, depth);
                    break;
                default:
                    if (Value(reader, field, depth, keepZero: false) is { } value) target[field.Name] = value;
                    break;
            }
        }
    }

    private static void Entry(ReadOnlySpan<byte> bytes, MessageField field, JsonObject map, int depth)
    {
        var key = "";
        JsonNode? value = null;
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            if (reader.Field == 1) key = Encoding.UTF8.GetString(reader.Bytes);
            else if (reader.Field == 2) value = Value(reader, field, depth, keepZero: true);
        }
        map[key] = value ?? (field.Type is "s" or "y" or "Q" ? "" : null);
    }

    /// <summary>Null for what JSON would leave out.</summary>
    private static JsonNode? Value(in ProtobufReader reader, MessageField field, int depth, bool keepZero)
    {
        switch (field.Type)
        {
            case "s": return reader.Bytes.IsEmpty && !keepZero ? null : Encoding.UTF8.GetString(reader.Bytes);
            case "y": return reader.Bytes.IsEmpty && !keepZero ? null : Convert.ToBase64String(reader.Bytes);
            case "i": return reader.Number == 0 && !keepZero && MeaninglessZero.Contains(field.Name) ? null : reader.Number;
            case "b": return reader.Number == 0 && !keepZero && !MeaningfulFalse.Contains(field.Name) ? null : reader.Number != 0;
            case "d": return BitConverter.Int64BitsToDouble(reader.Number);
            case "T": return Time(reader.Bytes, "yyyy-MM-dd'T'HH:mm:ss'Z'");
            case "U": return Time(reader.Bytes, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'");
            case "Q": return Quantity(reader.Bytes);
            case "I": return IntOrString(reader.Bytes);
            case "R": return Raw(reader.Bytes);
        }
        var body = new JsonObject();
        Message(reader.Bytes, field.Type, body, depth + 1);
        if (field.Type.EndsWith(".ExtraValue", StringComparison.Ordinal)) return body.Detach("items") ?? new JsonArray();
        return body;
    }

    private static JsonValue? Time(ReadOnlySpan<byte> bytes, string format)
    {
        long seconds = 0, nanoseconds = 0;
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            if (reader.Field == 1) seconds = reader.Number;
            else if (reader.Field == 2) nanoseconds = reader.Number;
        }
        if (bytes.IsEmpty || seconds is < -62_135_596_800 or > 253_402_300_799) return null;
        return JsonValue.Create(DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / 100).ToString(format, CultureInfo.InvariantCulture));
    }

    private static JsonValue Quantity(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        return JsonValue.Create(reader.Next() ? Encoding.UTF8.GetString(reader.Bytes) : "0");
    }

    private static JsonValue IntOrString(ReadOnlySpan<byte> bytes)
    {
        long type = 0, number = 0;
        var text = "";
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            if (reader.Field == 1) type = reader.Number;
            else if (reader.Field == 2) number = reader.Number;
            else text = Encoding.UTF8.GetString(reader.Bytes);
        }
        return type == 1 ? JsonValue.Create(text) : JsonValue.Create(number);
    }

    private static JsonNode? Raw(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        try
        {
            return reader.Next() && !reader.Bytes.IsEmpty ? JsonNode.Parse(reader.Bytes) : null;
        }
        catch (JsonException)
        {
            throw Malformed();
        }
    }

    internal static Kubernetes.Resources.KubeApiException Malformed() => ApiErrors.BadRequest("the body is not valid protobuf");
}
