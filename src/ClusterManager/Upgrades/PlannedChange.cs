using System.Text.Json.Nodes;
using Fleet.Contracts.Upgrades;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>A cluster as it would be after the change that is to be planned. Pure.</summary>
internal static class PlannedChange
{
    public static ClusterDeployment Of(ClusterDeployment cluster, ClusterPlanRequest request)
    {
        var config = request.Config ?? cluster.Spec.Config;
        if (request.Set is { Count: > 0 } changes)
        {
            config = config as JsonObject is { } map ? map.DeepClone() : new JsonObject();
            foreach (var (path, value) in changes)
                Put((JsonObject)config, path, value);
        }
        return new()
        {
            ApiVersion = cluster.ApiVersion,
            Kind = cluster.Kind,
            Metadata = cluster.Metadata,
            Status = cluster.Status,
            // A dry run is what a plan is anyway.
            Spec = cluster.Spec with { Template = request.Template ?? cluster.Spec.Template, Config = config?.DeepClone(), DryRun = null },
        };
    }

    private static void Put(JsonObject config, string path, JsonNode? value)
    {
        var steps = path.Split('.');
        foreach (var step in steps[..^1])
        {
            if (config[step] is not JsonObject next)
                config[step] = next = [];
            config = next;
        }
        if (value is null)
            config.Remove(steps[^1]);
        else
            config[steps[^1]] = value.DeepClone();
    }
}
