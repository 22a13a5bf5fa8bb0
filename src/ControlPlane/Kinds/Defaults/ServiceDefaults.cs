using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using static Fleet.ControlPlane.Kinds.BuiltInDefaults;

namespace Fleet.ControlPlane.Kinds;

/// <summary>Services, with the addresses and node ports that a server hands out.</summary>
internal static class ServiceDefaults
{
    private const int FirstNodePort = 30_000;
    private const int NodePorts = 2_768;

    private static readonly KindInfo Services = BuiltInKinds.Find("", "services");

    public static void Apply(Cluster cluster, JsonObject body, JsonObject? old)
    {
        if (body["spec"] is not JsonObject spec) return;
        Set(spec, "type", "ClusterIP");
        Set(spec, "sessionAffinity", "None");
        if (spec["sessionAffinity"].Text() == "ClientIP")
            Set(Under(Under(spec, "sessionAffinityConfig"), "clientIP"), "timeoutSeconds", 10_800);
        var type = spec["type"].Text();
        foreach (var port in (spec["ports"] as JsonArray ?? []).OfType<JsonObject>())
        {
            Set(port, "protocol", "TCP");
            if (port["targetPort"] is null || port["targetPort"].Text() == "" || port["targetPort"].Number() == 0)
                port["targetPort"] = port["port"]?.DeepClone();
        }
        if (type == "ExternalName")
        {
            Clear(spec);
            return;
        }
        Set(spec, "internalTrafficPolicy", "Cluster");
        if (type is "NodePort" or "LoadBalancer") Set(spec, "externalTrafficPolicy", "Cluster");
        else spec.Remove("externalTrafficPolicy");
        if (type == "LoadBalancer") Set(spec, "allocateLoadBalancerNodePorts", true);
        else spec.Remove("allocateLoadBalancerNodePorts");
        Addresses(cluster, spec, old?["spec"] as JsonObject);
        AllocateNodePorts(cluster, spec, old?["spec"] as JsonObject, type is "NodePort" or "LoadBalancer");
        if (old is null) body["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
    }

    private static void Addresses(Cluster cluster, JsonObject spec, JsonObject? old)
    {
        if (spec["clusterIP"].Text() is not { Length: > 0 })
        {
            // A client that leaves it out on an update wants to keep it.
            if (old?["clusterIP"].Text() is { Length: > 0 } present && old["type"].Text() != "ExternalName") spec["clusterIP"] = present;
            else spec["clusterIP"] = FreeAddress(cluster);
        }
        spec["clusterIPs"] = new JsonArray(spec["clusterIP"]!.DeepClone());
        Set(spec, "ipFamilies", new JsonArray("IPv4"));
        Set(spec, "ipFamilyPolicy", "SingleStack");
    }

    private static void Clear(JsonObject spec)
    {
        foreach (var name in (string[])["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy", "externalTrafficPolicy"]) spec.Remove(name);
    }

    private static void AllocateNodePorts(Cluster cluster, JsonObject spec, JsonObject? old, bool wanted)
    {
        HashSet<long>? taken = null;
        foreach (var port in (spec["ports"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (!wanted)
            {
                port.Remove("nodePort");
                continue;
            }
            if (port["nodePort"].Number() is > 0) continue;
            var before = (old?["ports"] as JsonArray ?? []).FirstOrDefault(p =>
                JsonNode.DeepEquals(p?["port"], port["port"]) && p?["protocol"].Text() == port["protocol"].Text());
            if (before?["nodePort"].Number() is > 0 and var kept)
            {
                port["nodePort"] = kept;
                continue;
            }
            taken ??= TakenPorts(cluster);
            long candidate;
            do candidate = FirstNodePort + RandomNumberGenerator.GetInt32(NodePorts);
            while (!taken.Add(candidate) && taken.Count < NodePorts);
            port["nodePort"] = candidate;
        }
    }

    private static string FreeAddress(Cluster cluster)
    {
        var taken = cluster.Table(Services).State.Range(null).Select(s => StoredFields.Text(s, ["spec", "clusterIP"])).ToHashSet(StringComparer.Ordinal);
        string address;
        do address = $"10.96.{RandomNumberGenerator.GetInt32(1, 255)}.{RandomNumberGenerator.GetInt32(1, 255)}";
        while (taken.Contains(address));
        return address;
    }

    private static HashSet<long> TakenPorts(Cluster cluster) =>
        [.. cluster.Table(Services).State.Range(null)
            .SelectMany(s => s.Parse()["spec"]?["ports"] as JsonArray ?? [])
            .Select(p => p?["nodePort"].Number() ?? 0)];
}
