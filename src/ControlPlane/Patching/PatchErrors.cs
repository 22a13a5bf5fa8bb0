using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Patching;

/// <summary>The answers to patches that cannot be applied.</summary>
internal static class PatchErrors
{
    /// <summary>The patch itself is malformed.</summary>
    public static KubeApiException BadRequest(string message) => new(400, "BadRequest", message);

    /// <summary>The patch is well formed but does not fit this object.</summary>
    public static KubeApiException Unprocessable(string message) => new(422, "Invalid", $"the server rejected our request due to an error in our request: {message}");

    public static KubeApiException TooDeep() => BadRequest($"the patch is nested deeper than {PatchLimits.MaxDepth} levels");

    public static KubeApiException UnsupportedForCustomResources() => new(415, "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
}

/// <summary>Bounds on what a patch may ask for.</summary>
internal static class PatchLimits
{
    /// <summary>No Kubernetes object is near this; it protects the stack.</summary>
    public const int MaxDepth = 200;

    /// <summary>Upstream's limit on the operations of one JSON patch.</summary>
    public const int MaxOperations = 10_000;
}
