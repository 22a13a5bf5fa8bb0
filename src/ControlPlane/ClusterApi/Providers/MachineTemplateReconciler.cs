using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Providers;

/// <summary>Says on an infrastructure machine template what a machine of it has: the cluster autoscaler needs that to scale from zero.</summary>
internal sealed class MachineTemplateReconciler(ResourceKind kind) : CapiReconciler(kind)
{
    protected override bool FollowsCluster => false;

    protected override async ValueTask<TimeSpan?> ReconcileAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        if (!obj.IsDeleting() && Status(obj) is { } wanted && !JsonNode.DeepEquals(obj["status"], wanted))
            await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s =>
            {
                foreach (var (field, value) in wanted)
                    s.Put(field, value?.DeepClone());
            }, ct);
        return null;
    }

    /// <summary>Pure: <c>status.capacity</c> and <c>status.nodeInfo</c> of the contract.</summary>
    internal static JsonObject Status(JsonObject template)
    {
        var type = MachineNames.TypeOf(new() { ["spec"] = template.Child("spec", "template", "spec")?.DeepClone() ?? new JsonObject() });
        return new()
        {
            ["capacity"] = new JsonObject
            {
                ["cpu"] = type.Cpus.ToString(CultureInfo.InvariantCulture),
                ["memory"] = string.Create(CultureInfo.InvariantCulture, $"{type.MemoryMiB}Mi"),
            },
            ["nodeInfo"] = new JsonObject { ["architecture"] = "amd64", ["operatingSystem"] = "linux" },
        };
    }
}
