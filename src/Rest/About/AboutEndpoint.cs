using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Api;
using Fleet.Kubernetes.Resources;
using Fleet.Rest.Requests;

namespace Fleet.Rest.About;

/// <summary><c>GET /api/v1/about</c>: which Fleet this is, and before which Kubernetes it stands.</summary>
internal static class AboutEndpoint
{
    public static void MapAbout(this IEndpointRouteBuilder api) =>
        api.MapGet("/about", (HttpContext http, IKubernetesClient management, CancellationToken ct) => AnswerAsync(http, management, ct))
            .Describe<AboutView>("about", "Versions of Fleet and of the management cluster").WithTags("about");

    private static async Task<IResult> AnswerAsync(HttpContext http, IKubernetesClient management, CancellationToken ct)
    {
        QueryReader.Read(http);
        // "0.1.0+commit", as the build writes it.
        var built = (typeof(AboutEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+', 2);
        return Results.Json(
            new AboutView { Version = built[0], Commit = built.ElementAtOrDefault(1) is { Length: > 0 } commit ? commit : null, Kubernetes = await KubernetesAsync(management, ct) },
            RestJson.Default.AboutView);
    }

    private static async Task<string?> KubernetesAsync(IKubernetesClient management, CancellationToken ct)
    {
        try
        {
            using var answer = await management.GetRawAsync("version", ct);
            return (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(ct))?["gitVersion"];
        }
        catch (Exception e) when (e is KubeApiException or JsonException)
        {
            // What is known of Fleet is told all the same.
            return null;
        }
    }
}
