using System.Net;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Kinds;

/// <summary>Hosts and paths of an Ingress.</summary>
internal static class IngressValidation
{
    public static void Check(JsonObject? spec, FieldCauses found)
    {
        var rules = spec?["rules"] as JsonArray ?? [];
        for (var i = 0; i < rules.Count; i++)
        {
            var host = rules[i]?["host"].Text() ?? "";
            var at = $"spec.rules[{i}]";
            if (IPAddress.TryParse(host, out _)) found.Invalid($"{at}.host", host, "must be a DNS name, not an IP address");
            if (host.Length > 0) MetadataRules.CheckSubdomain(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host, $"{at}.host", found.All);
            var paths = rules[i]?["http"]?["paths"] as JsonArray ?? [];
            for (var j = 0; j < paths.Count; j++)
            {
                if (paths[j] is JsonObject path) CheckPath(path, $"{at}.http.paths[{j}]", found);
            }
        }
    }

    private static void CheckPath(JsonObject path, string at, FieldCauses found)
    {
        var text = path["path"].Text() ?? "";
        switch (path["pathType"].Text())
        {
            case null or "":
                found.Required($"{at}.pathType", "pathType must be specified");
                return;
            case "Exact" or "Prefix":
                if (!text.StartsWith('/')) found.Invalid($"{at}.path", text, "must be an absolute path");
                break;
            case "ImplementationSpecific":
                if (text.Length > 0 && !text.StartsWith('/')) found.Invalid($"{at}.path", text, "must be an absolute path");
                break;
            case var other:
                found.NotSupported($"{at}.pathType", other, ["Exact", "ImplementationSpecific", "Prefix"]);
                break;
        }
        if (path["backend"] is not JsonObject backend || backend["service"] is null && backend["resource"] is null)
            found.Required($"{at}.backend", "port name or number is required");
    }
}
