using Fleet.ControlPlane.Authentication;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Authorization;

/// <summary>RBAC; <c>system:masters</c> may do everything, and health and version are public.</summary>
internal static class Authorizer
{
    private static readonly string[] PublicPaths = ["/healthz", "/livez", "/readyz", "/version", "/version/"];

    public static bool Allows(Cluster cluster, UserIdentity user, AccessAttributes wanted)
    {
        if (user.IsMaster) return true;
        if (wanted.Path is not null && wanted.Verb is "get" or "head" && PublicPaths.Contains(wanted.Path)) return true;
        foreach (var rule in RbacPolicy.Of(cluster).RulesFor(user, wanted.Namespace))
        {
            if (rule.Allows(wanted)) return true;
        }
        return false;
    }
}
