using Fleet.Contracts.Api;
using Fleet.Control.Backups;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Resources;
using Fleet.Rest;
using Fleet.Rest.Requests;

namespace Fleet.ClusterManager.Api;

/// <summary>Backups of the management plane, as the status of ManagementBackups tells them: no bucket is asked.</summary>
internal static class BackupEndpoints
{
    public static void MapBackups(this IEndpointRouteBuilder api) =>
        api.MapGet("/backups", (HttpContext http, IKubernetesClient client, TimeProvider clock, CancellationToken ct) => ListAsync(http, client, clock, ct))
            .Describe<BackupsView>("listBackups", "Backups of the management plane: those of every ManagementBackup, and those of Velero that are in sight; needs list of managementbackups")
            .WithTags("backups");

    private static async Task<IResult> ListAsync(HttpContext http, IKubernetesClient client, TimeProvider clock, CancellationToken ct)
    {
        QueryReader.Read(http);
        await ApiCall.Of(http).RequireAsync(new("list", FleetKinds.ManagementBackups.Kind, ""), ct);
        var objects = (await client.Resource(FleetKinds.ManagementBackups).ListAsync(ListOptions.All, ct)).Items;
        return Results.Json(BackupHistory.Of(objects, clock.GetUtcNow()), ApiJson.Default.BackupsView);
    }
}
