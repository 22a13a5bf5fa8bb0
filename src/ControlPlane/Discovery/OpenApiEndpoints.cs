using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Serving;

namespace Fleet.ControlPlane.Discovery;

/// <summary>/openapi/v2 and /openapi/v3.</summary>
internal static class OpenApiEndpoints
{
    public static Task HandleAsync(ApiRequest request, string path)
    {
        _ = (request, path);
        throw ApiErrors.PathNotFound();
    }
}
