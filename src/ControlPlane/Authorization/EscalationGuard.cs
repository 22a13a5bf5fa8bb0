using System.Text.Json.Nodes;
using Fleet.ControlPlane.Admission;
using Fleet.ControlPlane.Authentication;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Authorization;

/// <summary>Nobody may give more rights than he has, unless he may <c>escalate</c> (roles) or <c>bind</c> (bindings).</summary>
internal static class EscalationGuard
{
    private const string Group = "rbac.authorization.k8s.io";

    public static void Check(Cluster cluster, UserIdentity user, AdmissionRequest request)
    {
        if (request.Kind.Group != Group || user.IsMaster || request.Object is not { } body) return;
        switch (request.Kind.Kind)
        {
            case "Role" or "ClusterRole":
                if (request.Old is not null && JsonNode.DeepEquals(body["rules"], request.Old["rules"])) return;
                if (Authorizer.Allows(cluster, user, new("escalate", Group, request.Kind.Plural, "", request.Key.Namespace, request.Key.Name, null))) return;
                Require(cluster, user, request, RbacRule.Read(body));
                break;
            case "RoleBinding" or "ClusterRoleBinding":
                if (request.Old is not null && JsonNode.DeepEquals(body["subjects"], request.Old["subjects"])) return;
                var isClusterRole = body["roleRef"]?["kind"].Text() == "ClusterRole";
                var name = body["roleRef"]?["name"].Text() ?? "";
                var plural = isClusterRole ? "clusterroles" : "roles";
                if (Authorizer.Allows(cluster, user, new("bind", Group, plural, "", request.Key.Namespace, name, null))) return;
                Require(cluster, user, request, RbacPolicy.Of(cluster).RulesOfRole(isClusterRole, name, request.Key.Namespace));
                break;
        }
    }

    private static void Require(Cluster cluster, UserIdentity user, AdmissionRequest request, IEnumerable<RbacRule> rules)
    {
        foreach (var wanted in rules.SelectMany(r => r.Each(request.Key.Namespace)))
        {
            if (Authorizer.Allows(cluster, user, wanted)) continue;
            var what = wanted.Path is { } path ? $"{{NonResourceURLs:[\"{path}\"], Verbs:[\"{wanted.Verb}\"]}}"
                : $"{{APIGroups:[\"{wanted.Group}\"], Resources:[\"{wanted.FullResource}\"], Verbs:[\"{wanted.Verb}\"]}}";
            throw new KubeApiException(403, "Forbidden",
                $"{request.Kind.Plural}.{Group} \"{request.Key.Name}\" is forbidden: user \"{user.Name}\" (groups={string.Join(",", user.Groups)}) " +
                $"is attempting to grant RBAC permissions not currently held:\n{what}",
                new(request.Key.Name, Group, request.Kind.Plural, [], null));
        }
    }
}
