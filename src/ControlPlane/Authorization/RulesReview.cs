using System.Text.Json.Nodes;
using Fleet.ControlPlane.Authentication;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Authorization;

/// <summary>SelfSubjectRulesReview: all that somebody may do in a namespace.</summary>
internal static class RulesReview
{
    public static JsonObject Of(Cluster cluster, UserIdentity user, string @namespace)
    {
        _ = (cluster, user, @namespace);
        return new JsonObject { ["incomplete"] = false, ["resourceRules"] = new JsonArray(), ["nonResourceRules"] = new JsonArray() };
    }
}
