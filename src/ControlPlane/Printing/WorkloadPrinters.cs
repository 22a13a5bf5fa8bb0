using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using static Fleet.ControlPlane.Printing.RowPrinter;

namespace Fleet.ControlPlane.Printing;

/// <summary>apps, batch, autoscaling, policy.</summary>
internal static class WorkloadPrinters
{
    private const string TemplateContainers = "spec.template.spec.containers";

    public static RowPrinter Deployment { get; } = new(
        Text("Ready", b => $"{Of(b, "status.readyReplicas")}/{Of(b, "spec.replicas")}"),
        Number("Up-to-date", b => Of(b, "status.updatedReplicas")),
        Number("Available", b => Of(b, "status.availableReplicas")),
        AgeColumn,
        Text("+Containers", b => Containers(b, TemplateContainers)),
        Text("+Images", b => Images(b, TemplateContainers)),
        Text("+Selector", b => Selector(b["spec"]?["selector"])));

    public static RowPrinter ReplicaSet { get; } = new(
        Number("Desired", b => Of(b, "spec.replicas")),
        Number("Current", b => Of(b, "status.replicas")),
        Number("Ready", b => Of(b, "status.readyReplicas")),
        AgeColumn,
        Text("+Containers", b => Containers(b, TemplateContainers)),
        Text("+Images", b => Images(b, TemplateContainers)),
        Text("+Selector", b => b["kind"].Text() == "ReplicationController" ? Labels(b["spec"]?["selector"]) : Selector(b["spec"]?["selector"])));

    public static RowPrinter StatefulSet { get; } = new(
        Text("Ready", b => $"{Of(b, "status.readyReplicas")}/{Of(b, "spec.replicas")}"),
        AgeColumn,
        Text("+Containers", b => Containers(b, TemplateContainers)),
        Text("+Images", b => Images(b, TemplateContainers)));

    public static RowPrinter DaemonSet { get; } = new(
        Number("Desired", b => Of(b, "status.desiredNumberScheduled")),
        Number("Current", b => Of(b, "status.currentNumberScheduled")),
        Number("Ready", b => Of(b, "status.numberReady")),
        Number("Up-to-date", b => Of(b, "status.updatedNumberScheduled")),
        Number("Available", b => Of(b, "status.numberAvailable")),
        Text("Node Selector", b => Labels(At(b, "spec.template.spec.nodeSelector"))),
        AgeColumn,
        Text("+Containers", b => Containers(b, TemplateContainers)),
        Text("+Images", b => Images(b, TemplateContainers)),
        Text("+Selector", b => Selector(b["spec"]?["selector"])));

    public static RowPrinter Job { get; } = new(
        Text("Status", JobStatus),
        Text("Completions", b => $"{Of(b, "status.succeeded")}/{(At(b, "spec.completions") ?? At(b, "spec.parallelism")).Number() ?? 1}"),
        ("Duration", JobDuration),
        AgeColumn,
        Text("+Containers", b => Containers(b, TemplateContainers)),
        Text("+Images", b => Images(b, TemplateContainers)),
        Text("+Selector", b => Selector(b["spec"]?["selector"])));

    public static RowPrinter CronJob { get; } = new(
        Text("Schedule", b => At(b, "spec.schedule").Text()),
        Text("Timezone", b => At(b, "spec.timeZone").Text() ?? "<none>"),
        Text("Suspend", b => At(b, "spec.suspend").IsTrue() ? "True" : "False"),
        Number("Active", b => Items(b, "status.active").Count()),
        ("Last Schedule", (b, now) => At(b, "status.lastScheduleTime").Text() is { } last ? Age.Since(last, now) : "<none>"),
        AgeColumn,
        Text("+Containers", b => Containers(b, "spec.jobTemplate.spec.template.spec.containers")),
        Text("+Images", b => Images(b, "spec.jobTemplate.spec.template.spec.containers")),
        Text("+Selector", b => Selector(At(b, "spec.jobTemplate.spec.selector"))));

    public static RowPrinter Autoscaler { get; } = new(
        Text("Reference", b => $"{At(b, "spec.scaleTargetRef.kind").Text()}/{At(b, "spec.scaleTargetRef.name").Text()}"),
        Text("Targets", Targets),
        Text("MinPods", b => At(b, "spec.minReplicas").Number()?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "<unset>"),
        Number("MaxPods", b => Of(b, "spec.maxReplicas")),
        Number("Replicas", b => Of(b, "status.currentReplicas")),
        AgeColumn);

    public static RowPrinter DisruptionBudget { get; } = new(
        Text("Min Available", b => At(b, "spec.minAvailable") is { } n ? Scalar(n) : "N/A"),
        Text("Max Unavailable", b => At(b, "spec.maxUnavailable") is { } n ? Scalar(n) : "N/A"),
        Number("Allowed Disruptions", b => Of(b, "status.disruptionsAllowed")),
        AgeColumn);

    public static RowPrinter Revision { get; } = new(
        Text("Controller", b => Items(b, "metadata.ownerReferences").FirstOrDefault() is { } o ? $"{o["kind"].Text()?.ToLowerInvariant()}.apps/{o["name"].Text()}" : "<none>"),
        Number("Revision", b => b["revision"].Number()),
        AgeColumn);

    private static long Of(JsonObject body, string path) => At(body, path).Number() ?? 0;

    private static string JobStatus(JsonObject body)
    {
        foreach (var (type, text) in new[] { ("Complete", "Complete"), ("Failed", "Failed"), ("Suspended", "Suspended"), ("FailureTarget", "FailureTarget"), ("SuccessCriteriaMet", "SuccessCriteriaMet") })
        {
            if (Items(body, "status.conditions").Any(c => c["type"].Text() == type && c["status"].Text() == "True")) return text;
        }
        return body.IsTerminating() ? "Terminating" : "Running";
    }

    private static JsonNode? JobDuration(JsonObject body, DateTimeOffset now)
    {
        if (!DateTimeOffset.TryParse(At(body, "status.startTime").Text(), System.Globalization.CultureInfo.InvariantCulture, out var from)) return "";
        var until = DateTimeOffset.TryParse(At(body, "status.completionTime").Text(), System.Globalization.CultureInfo.InvariantCulture, out var done) ? done : now;
        return Age.Short(until - from);
    }

    private static string Targets(JsonObject body)
    {
        var current = Items(body, "status.currentMetrics").ToArray();
        return Joined(Items(body, "spec.metrics").Select((metric, i) =>
        {
            var name = At(metric, "resource.name").Text() ?? metric["type"].Text();
            var wanted = At(metric, "resource.target.averageUtilization").Number() is { } percent ? $"{percent}%" : At(metric, "resource.target.averageValue").Text();
            var now = i < current.Length && At(current[i], "resource.current.averageUtilization").Number() is { } used ? $"{used}%" : "<unknown>";
            return $"{name}: {now}/{wanted}";
        }));
    }
}
