using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Kinds;

/// <summary>Between a served version and the stored one. Custom resources differ in apiVersion only (conversion strategy None).</summary>
internal static class KindConversion
{
    public static void FromStorage(KindInfo kind, JsonObject body)
    {
        body["apiVersion"] = kind.ApiVersion;
        if (kind.Custom is null) BuiltInConversions.FromStorage(kind, body);
    }

    public static void ToStorage(KindInfo kind, JsonObject body)
    {
        if (kind.ApiVersion == kind.StorageApiVersion) return;
        body["apiVersion"] = kind.StorageApiVersion;
        if (kind.Custom is null) BuiltInConversions.ToStorage(kind, body);
    }

    /// <summary>The stored bytes can be sent with another head, without being parsed.</summary>
    public static bool IsHeadOnly(KindInfo kind) => kind.Custom is not null || kind.ApiVersion == kind.StorageApiVersion;
}
