using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Networking;

/// <summary>Addresses as a cloud would hand them out: stable for an object, from the range that is reserved for documentation and tests.</summary>
internal static class ExternalAddress
{
    public static JsonObject Ingress(string cluster, JsonObject owner) => new()
    {
        ["ingress"] = new JsonArray(new JsonObject { ["ip"] = Address($"{cluster}/{owner.Text("kind")}/{owner.KeyOf()}"), ["ipMode"] = "VIP" }),
    };

    /// <summary>198.18.0.0/15 is set aside for such tests; nothing real answers there.</summary>
    public static string Address(string seed)
    {
        var number = StableHash.Number(seed);
        return $"198.{18 + (number & 1)}.{(number >> 8) & 0xff}.{1 + ((number >> 16) % 254)}";
    }
}
