using Fleet.ControlPlane.Kinds;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Machinery;

/// <summary>The failures of the API, worded as upstream words them, because tools match the words.</summary>
internal static class ApiErrors
{
    public static KubeApiException NotFound(KindInfo kind, string name) =>
        new(404, "NotFound", $"{kind.QualifiedPlural} \"{name}\" not found", Details(kind, name));

    public static KubeApiException PathNotFound() =>
        new(404, "NotFound", "the server could not find the requested resource", new(null, null, null, [], null));

    public static KubeApiException AlreadyExists(KindInfo kind, string name) =>
        new(409, "AlreadyExists", $"{kind.QualifiedPlural} \"{name}\" already exists", Details(kind, name));

    public static KubeApiException Conflict(KindInfo kind, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {kind.QualifiedPlural} \"{name}\": {why}", Details(kind, name));

    public static KubeApiException Changed(KindInfo kind, string name) =>
        Conflict(kind, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static KubeApiException BadRequest(string message) => new(400, "BadRequest", message);

    public static KubeApiException Invalid(KindInfo kind, string name, IReadOnlyList<ApiStatusCause> causes)
    {
        var words = causes.Select(c => $"{c.Field}: {c.Message}").ToArray();
        var text = words.Length == 1 ? words[0] : $"[{string.Join(", ", words)}]";
        var qualified = kind.Group.Length == 0 ? kind.Kind : $"{kind.Kind}.{kind.Group}";
        return new(422, "Invalid", $"{qualified} \"{name}\" is invalid: {text}", new(name, kind.Group, kind.Kind, causes, null));
    }

    /// <summary>Of what a request says besides its object: CreateOptions, ListOptions and their like.</summary>
    public static KubeApiException InvalidOptions(string options, IReadOnlyList<ApiStatusCause> causes)
    {
        var words = causes.Select(c => $"{c.Field}: {c.Message}").ToArray();
        var text = words.Length == 1 ? words[0] : $"[{string.Join(", ", words)}]";
        return new(422, "Invalid", $"{options}.meta.k8s.io \"\" is invalid: {text}", new("", "meta.k8s.io", options, causes, null));
    }

    public static KubeApiException Forbidden(KindInfo kind, string name, string why) =>
        new(403, "Forbidden", $"{kind.QualifiedPlural} \"{name}\" is forbidden: {why}", Details(kind, name));

    public static KubeApiException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static KubeApiException Expired(string why) => new(410, "Expired", why);

    public static KubeApiException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", new(null, null, null, [], null));

    public static KubeApiException UnsupportedMediaType(string accepted) =>
        new(415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {accepted}");

    public static KubeApiException TooLarge(long limit) =>
        new(413, "RequestEntityTooLarge", $"Request entity too large: limit is {limit}");

    public static KubeApiException TooManyRequests(string message, int retryAfterSeconds) =>
        new(429, "TooManyRequests", message, new(null, null, null, [], retryAfterSeconds));

    public static KubeApiException Unavailable(string why) => new(503, "ServiceUnavailable", why);

    /// <summary>A full disk is 507, so that it can be told from a defect.</summary>
    public static KubeApiException StorageFailed(Exception failure)
    {
        // ENOSPC and EDQUOT.
        var full = failure is IOException && (failure.HResult & 0xFFFF) is 28 or 122;
        return full
            ? new(507, "InsufficientStorage", "the disk that holds the API server's data is full; nothing was changed", inner: failure)
            : new(500, "InternalError", $"the change could not be written to the API server's log; nothing was changed ({failure.Message})", inner: failure);
    }

    private static ApiStatusDetails Details(KindInfo kind, string name) => new(name, kind.Group.Length == 0 ? null : kind.Group, kind.Plural, [], null);
}
