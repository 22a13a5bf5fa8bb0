using Fleet.ControlPlane.Authorization;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Serving;

namespace Fleet.ControlPlane.Authentication;

/// <summary>
/// The Impersonate-* headers: honoured for those who have the right to impersonate each of the named, user, groups, uid and extra alike. The request then is
/// the other's as a whole: nothing of the real user is left in it.
/// </summary>
internal static class Impersonation
{
    private const string UserHeader = "Impersonate-User";
    private const string GroupHeader = "Impersonate-Group";
    private const string UidHeader = "Impersonate-Uid";
    private const string ExtraPrefix = "Impersonate-Extra-";
    private const string AccountPrefix = "system:serviceaccount:";
    private const string Identities = "authentication.k8s.io";

    public static void Apply(ApiRequest request)
    {
        var headers = request.Http.Request.Headers;
        var name = headers[UserHeader].ToString();
        var groups = Values(headers[GroupHeader]);
        var uid = headers[UidHeader].ToString();
        // Keys are compared without regard to case, and may be percent-encoded.
        var extra = headers.Where(header => header.Key.StartsWith(ExtraPrefix, StringComparison.OrdinalIgnoreCase))
            .GroupBy(header => Uri.UnescapeDataString(header.Key[ExtraPrefix.Length..]).ToLowerInvariant(), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.SelectMany(header => Values(header.Value)).ToArray(), StringComparer.Ordinal);
        if (name.Length == 0)
        {
            if (groups.Length > 0 || uid.Length > 0 || extra.Count > 0) throw ApiErrors.BadRequest("requested impersonation without a user");
            return;
        }
        // All rights are checked for the real user before the request changes hands.
        foreach (var group in groups) Require(request, new("impersonate", "", "groups", "", "", group, null));
        foreach (var (key, values) in extra)
        {
            foreach (var value in values) Require(request, new("impersonate", Identities, "userextras", key, "", value, null));
        }
        if (uid.Length > 0) Require(request, new("impersonate", Identities, "uids", "", "", uid, null));
        UserIdentity other;
        if (name.StartsWith(AccountPrefix, StringComparison.Ordinal) && name[AccountPrefix.Length..].Split(':') is [var space, var account])
        {
            Require(request, new("impersonate", "", "serviceaccounts", "", space, account, null));
            other = groups.Length > 0 ? UserIdentity.Authenticated(name, uid, groups) : UserIdentity.ServiceAccount(space, account, uid);
        }
        else
        {
            Require(request, new("impersonate", "", "users", "", "", name, null));
            other = name == UserIdentity.Anonymous.Name ? UserIdentity.Anonymous : UserIdentity.Authenticated(name, uid, groups);
        }
        request.User = extra.Count > 0 ? other with { Extra = extra } : other;
    }

    private static string[] Values(Microsoft.Extensions.Primitives.StringValues header) => [.. header.Where(value => !string.IsNullOrEmpty(value)).Select(value => value!)];

    private static void Require(ApiRequest request, AccessAttributes wanted)
    {
        if (!Authorizer.Allows(request.Cluster, request.User, wanted)) throw Denials.Of(request.User, wanted);
    }
}
