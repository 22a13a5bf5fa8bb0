using Fleet.ControlPlane.Authentication;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Authorization;

/// <summary>The 403 in upstream's words.</summary>
internal static class Denials
{
    public static KubeApiException Of(UserIdentity user, AccessAttributes wanted)
    {
        if (wanted.Path is { } path)
        {
            return new(403, "Forbidden", $"forbidden: User \"{user.Name}\" cannot {wanted.Verb} path \"{path}\"", new(null, null, null, [], null));
        }
        var qualified = wanted.Group.Length == 0 ? wanted.Resource : $"{wanted.Resource}.{wanted.Group}";
        var named = wanted.Name.Length == 0 ? qualified : $"{qualified} \"{wanted.Name}\"";
        var scope = wanted.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{wanted.Namespace}\"";
        return new(403, "Forbidden",
            $"{named} is forbidden: User \"{user.Name}\" cannot {wanted.Verb} resource \"{wanted.FullResource}\" in API group \"{wanted.Group}\" {scope}",
            new(wanted.Name, wanted.Group, wanted.Resource, [], null));
    }
}
