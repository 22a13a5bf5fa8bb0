using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Authorization;

/// <summary>One rule of a Role or ClusterRole.</summary>
internal sealed record RbacRule(string[] Verbs, string[] Groups, string[] Resources, string[] Names, string[] Paths)
{
    public static IReadOnlyList<RbacRule> Read(JsonObject role) =>
    [
        .. (role["rules"] as JsonArray ?? []).OfType<JsonObject>().Select(rule => new RbacRule(
            Texts(rule["verbs"]), Texts(rule["apiGroups"]), Texts(rule["resources"]), Texts(rule["resourceNames"]), Texts(rule["nonResourceURLs"]))),
    ];

    public bool Allows(in AccessAttributes wanted)
    {
        if (!Has(Verbs, wanted.Verb)) return false;
        if (wanted.Path is { } path) return Paths.Any(p => PathMatches(p, path));
        return Has(Groups, wanted.Group) && ResourceMatches(wanted) && (Names.Length == 0 || Names.Contains(wanted.Name));
    }

    /// <summary>Everything that this rule gives, one by one: what somebody who grants it must hold himself.</summary>
    public IEnumerable<AccessAttributes> Each(string @namespace)
    {
        foreach (var verb in Verbs)
        {
            foreach (var path in Paths) yield return AccessAttributes.OfPath(verb, path);
            foreach (var group in Groups)
            {
                foreach (var resource in Resources)
                {
                    var parts = resource.Split('/', 2);
                    var wanted = new AccessAttributes(verb, group, parts[0], parts.Length > 1 ? parts[1] : "", @namespace, "", null);
                    if (Names.Length == 0) yield return wanted;
                    foreach (var name in Names) yield return wanted with { Name = name };
                }
            }
        }
    }

    private static bool Has(string[] items, string wanted)
    {
        foreach (var item in items)
        {
            if (item == "*" || item == wanted) return true;
        }
        return false;
    }

    private static bool PathMatches(string pattern, string path) =>
        pattern == "*" || pattern == path || (pattern.EndsWith('*') && path.StartsWith(pattern[..^1], StringComparison.Ordinal));

    private static string[] Texts(JsonNode? items) => [.. (items as JsonArray ?? []).Select(i => i.Text() ?? "")];

    private bool ResourceMatches(in AccessAttributes wanted)
    {
        foreach (var resource in Resources)
        {
            if (resource == "*" || resource == wanted.FullResource) return true;
            if (wanted.Subresource.Length > 0 && resource.StartsWith("*/", StringComparison.Ordinal) && resource[2..] == wanted.Subresource) return true;
        }
        return false;
    }
}
