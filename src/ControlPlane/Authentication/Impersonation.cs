using Fleet.ControlPlane.Authorization;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Serving;

namespace Fleet.ControlPlane.Authentication;

/// <summary>The Impersonate-* headers: honoured for those who have the right to impersonate each of the named.</summary>
internal static class Impersonation
{
    private const string UserHeader = "Impersonate-User";
    private const string GroupHeader = "Impersonate-Group";
    private const string UidHeader = "Impersonate-Uid";
    private const string AccountPrefix = "system:serviceaccount:";

    public static void Apply(ApiRequest request)
    {
        var headers = request.Http.Request.Headers;
        var name = headers[UserHeader].ToString();
        var groups = headers[GroupHeader].Where(g => !string.IsNullOrEmpty(g)).Select(g => g!).ToArray();
        if (name.Length == 0)
        {
            if (groups.Length > 0 || headers.ContainsKey(UidHeader)) throw ApiErrors.BadRequest("requested impersonation without a user");
            return;
        }
        // All rights are checked for the real user before the request changes hands.
        foreach (var group in groups) Require(request, new("impersonate", "", "groups", "", "", group, null));
        if (name.StartsWith(AccountPrefix, StringComparison.Ordinal) && name[AccountPrefix.Length..].Split(':') is [var space, var account])
        {
            Require(request, new("impersonate", "", "serviceaccounts", "", space, account, null));
            request.User = groups.Length > 0 ? UserIdentity.Authenticated(name, "", groups) : UserIdentity.ServiceAccount(space, account, "");
            return;
        }
        Require(request, new("impersonate", "", "users", "", "", name, null));
        request.User = name == UserIdentity.Anonymous.Name ? UserIdentity.Anonymous : UserIdentity.Authenticated(name, "", groups);
    }

    private static void Require(ApiRequest request, AccessAttributes wanted)
    {
        if (!Authorizer.Allows(request.Cluster, request.User, wanted)) throw Denials.Of(request.User, wanted);
    }
}
