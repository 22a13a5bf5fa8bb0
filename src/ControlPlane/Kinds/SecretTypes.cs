using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Kinds;

/// <summary>What a Secret of a type that Kubernetes knows must hold.</summary>
internal static class SecretTypes
{
    private const string AccountName = "kubernetes.io/service-account.name";

    public static void Check(JsonObject body, FieldCauses found)
    {
        var data = body["data"] as JsonObject ?? [];
        switch (body["type"].Text())
        {
            case "kubernetes.io/service-account-token":
                if (body.Metadata()["annotations"]?[AccountName].Text() is not { Length: > 0 }) found.Required($"metadata.annotations[{AccountName}]", "");
                break;
            case "kubernetes.io/dockercfg": Registry(data, ".dockercfg", found); break;
            case "kubernetes.io/dockerconfigjson": Registry(data, ".dockerconfigjson", found); break;
            case "kubernetes.io/basic-auth":
                if (!data.ContainsKey("username") && !data.ContainsKey("password")) Need(data, found, "username", "password");
                break;
            case "kubernetes.io/ssh-auth": Need(data, found, "ssh-privatekey"); break;
            case "kubernetes.io/tls": Need(data, found, "tls.crt", "tls.key"); break;
        }
    }

    private static void Need(JsonObject data, FieldCauses found, params string[] keys)
    {
        foreach (var key in keys)
        {
            if (!data.ContainsKey(key)) found.Required($"data[{key}]", "");
        }
    }

    private static void Registry(JsonObject data, string key, FieldCauses found)
    {
        if (!data.ContainsKey(key)) found.Required($"data[{key}]", "");
        else if (!IsObject(data[key].Text() ?? "")) found.Invalid($"data[{key}]", "<secret contents redacted>", "must be a JSON object");
    }

    private static bool IsObject(string encoded)
    {
        try
        {
            return JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(encoded))) is JsonObject;
        }
        catch (Exception malformed) when (malformed is JsonException or FormatException)
        {
            return false;
        }
    }
}
