using System.Text.Json.Nodes;
using Fleet.ControlPlane.Authentication;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Authorization;

/// <summary>SelfSubjectRulesReview: all that somebody may do in a namespace.</summary>
internal static class RulesReview
{
    private static readonly RbacRule Everything = new(["*"], ["*"], ["*"], [], []);
    private static readonly RbacRule EveryPath = new(["*"], [], [], [], ["*"]);

    public static JsonObject Of(Cluster cluster, UserIdentity user, string @namespace)
    {
        var rules = RbacPolicy.Of(cluster).RulesFor(user, @namespace);
        if (user.IsMaster) rules = rules.Prepend(EveryPath).Prepend(Everything);
        var resources = new JsonArray();
        var paths = new JsonArray();
        foreach (var rule in rules)
        {
            if (rule.Paths.Length > 0) paths.Add(new JsonObject { ["verbs"] = Strings(rule.Verbs), ["nonResourceURLs"] = Strings(rule.Paths) });
            if (rule.Resources.Length == 0) continue;
            var body = new JsonObject { ["verbs"] = Strings(rule.Verbs), ["apiGroups"] = Strings(rule.Groups), ["resources"] = Strings(rule.Resources) };
            if (rule.Names.Length > 0) body["resourceNames"] = Strings(rule.Names);
            resources.Add(body);
        }
        return new JsonObject { ["incomplete"] = false, ["resourceRules"] = resources, ["nonResourceRules"] = paths };
    }

    private static JsonArray Strings(IEnumerable<string> items) => new([.. items.Select(i => (JsonNode)i)]);
}
