using System.Text;
using System.Text.Json.Nodes;

namespace Fleet.StateManager.Services;

/// <summary>The texts of a Secret that no message may show. Pure.</summary>
internal static class SecretTexts
{
    public static IEnumerable<string> Of(JsonObject secret) =>
        ServiceValues.Texts(secret["stringData"]).Concat(ServiceValues.Texts(secret["data"]).SelectMany(encoded => ServiceValues.Texts(JsonValue.Create(Decoded(encoded)))));

    private static string Decoded(string encoded)
    {
        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : encoded;
    }
}
