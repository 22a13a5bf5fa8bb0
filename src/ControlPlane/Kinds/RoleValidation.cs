using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Kinds;

/// <summary>The rules of Roles and ClusterRoles.</summary>
internal static class RoleValidation
{
    public static void Check(JsonArray? rules, bool isNamespaced, FieldCauses found)
    {
        for (var i = 0; i < (rules?.Count ?? 0); i++)
        {
            if (rules![i] is not JsonObject rule) continue;
            var at = $"rules[{i}]";
            if (IsEmpty(rule["verbs"])) found.Required($"{at}.verbs", "verbs must contain at least one value");
            if (!IsEmpty(rule["nonResourceURLs"]))
            {
                if (isNamespaced) found.Invalid($"{at}.nonResourceURLs", rule["nonResourceURLs"], "namespaced rules cannot apply to non-resource URLs");
                if (!IsEmpty(rule["apiGroups"]) || !IsEmpty(rule["resources"]) || !IsEmpty(rule["resourceNames"]))
                    found.Invalid($"{at}.nonResourceURLs", rule["nonResourceURLs"], "rules cannot apply to both regular resources and non-resource URLs");
                continue;
            }
            if (IsEmpty(rule["apiGroups"])) found.Required($"{at}.apiGroups", "resource rules must supply at least one api group");
            if (IsEmpty(rule["resources"])) found.Required($"{at}.resources", "resource rules must supply at least one resource");
        }
    }

    private static bool IsEmpty(JsonNode? list) => list is not JsonArray { Count: > 0 };
}
