using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>What a MachineHealthCheck finds: why a Machine is unhealthy (null: it is not), or when to look again.</summary>
internal readonly record struct MachineHealth(string? Reason, string? Message, TimeSpan? Again = null)
{
    private static readonly TimeSpan DefaultStartup = TimeSpan.FromMinutes(10);

    public bool IsHealthy => Reason is null;

    /// <summary>Pure; both contracts' fields are known.</summary>
    public static MachineHealth Of(JsonObject check, JsonObject machine, JsonObject? node, DateTimeOffset now)
    {
        if (machine.Annotation(CapiNames.RemediateMachineAnnotation) is not null)
            return new("HasRemediateAnnotation", "Health check failed: marked for remediation via cluster.x-k8s.io/remediate-machine annotation");
        if (!machine.HasNode())
        {
            var limit = Seconds(check, "nodeStartupTimeoutSeconds") ?? PodFaults.Duration(check.Text("spec", "nodeStartupTimeout")) ?? DefaultStartup;
            if (limit <= TimeSpan.Zero)
                return default;
            var left = machine.CreatedAt() + limit - now;
            return left > TimeSpan.Zero ? new(null, null, left) : new("NodeStartupTimeout", $"Health check failed: Node failed to report startup in {limit.TotalSeconds:0}s");
        }
        if (node is null)
            return new("NodeDeleted", $"Health check failed: Node {machine.Text("status", "nodeRef", "name")} has been deleted");
        TimeSpan? again = null;
        foreach (var (type, status, timeout) in Rules(check))
        {
            if (node.FindCondition(type) is not { } condition || condition.Text("status") != status)
                continue;
            var left = (condition.Time("lastTransitionTime") ?? now) + timeout - now;
            if (left <= TimeSpan.Zero)
                return new("UnhealthyNode", $"Health check failed: Condition {type} on Node is reporting status {status} for more than {timeout.TotalSeconds:0}s");
            again = again is { } sooner && sooner < left ? sooner : left;
        }
        return new(null, null, again);
    }

    /// <summary>Whether so many unhealthy ones of so many may be remediated; above the limit the trouble is larger than single Machines.</summary>
    public static bool MayRemediate(JsonObject check, int unhealthy, int total)
    {
        if ((check.Text("spec", "remediation", "triggerIf", "unhealthyInRange") ?? check.Text("spec", "unhealthyRange")) is { } range)
        {
            var bounds = range.Trim('[', ']').Split('-');
            return bounds.Length == 2 && Number(bounds[0]) <= unhealthy && unhealthy <= Number(bounds[1]);
        }
        var most = (check.At("spec", "remediation", "triggerIf", "unhealthyLessThanOrEqualTo") ?? check.At("spec", "maxUnhealthy"))?.ToString() ?? "100%";
        return unhealthy <= (most.EndsWith('%') ? (int)Math.Floor(total * (Number(most[..^1]) ?? 100) / 100d) : Number(most) ?? total);
    }

    private static IEnumerable<(string Type, string Status, TimeSpan Timeout)> Rules(JsonObject check) =>
        check.Items("spec", "checks", "unhealthyNodeConditions")
            .Select(r => (r.Text("type") ?? "", r.Text("status") ?? "", TimeSpan.FromSeconds(r.Number("timeoutSeconds") ?? 0)))
        .Concat(check.Items("spec", "unhealthyConditions")
            .Select(r => (r.Text("type") ?? "", r.Text("status") ?? "", PodFaults.Duration(r.Text("timeout")) ?? TimeSpan.Zero)));

    private static TimeSpan? Seconds(JsonObject check, string field) => check.Number("spec", "checks", field) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
}
