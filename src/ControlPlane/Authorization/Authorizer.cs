using Fleet.ControlPlane.Authentication;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Authorization;

/// <summary>RBAC.</summary>
internal static class Authorizer
{
    private static readonly string[] PublicPaths = ["/healthz", "/livez", "/readyz", "/version", "/version/"];

    public static bool Allows(Cluster cluster, UserIdentity user, AccessAttributes wanted)
    {
        _ = cluster;
        return user.IsMaster || (wanted.Path is { } path && PublicPaths.Contains(path));
    }
}
