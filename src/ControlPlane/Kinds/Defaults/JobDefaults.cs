using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using static Fleet.ControlPlane.Kinds.BuiltInDefaults;

namespace Fleet.ControlPlane.Kinds;

/// <summary>Jobs and CronJobs.</summary>
internal static class JobDefaults
{
    public static void Job(JsonObject body, JsonObject? old)
    {
        if (body["spec"] is not JsonObject spec) return;
        Spec(spec);
        if (old is not null || spec["manualSelector"].IsTrue()) return;
        // As upstream: a job selects its own pods by its uid.
        var uid = body.Metadata()["uid"].Text() ?? "";
        var template = Under(spec, "template");
        var labels = Under(Under(template, "metadata"), "labels");
        labels["batch.kubernetes.io/controller-uid"] = uid;
        labels["batch.kubernetes.io/job-name"] = body.Name();
        labels["controller-uid"] = uid;
        labels["job-name"] = body.Name();
        spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["batch.kubernetes.io/controller-uid"] = uid } };
    }

    public static void CronJob(JsonObject body)
    {
        if (body["spec"] is not JsonObject spec) return;
        Set(spec, "concurrencyPolicy", "Allow");
        Set(spec, "suspend", false);
        Set(spec, "successfulJobsHistoryLimit", 3);
        Set(spec, "failedJobsHistoryLimit", 1);
        if (spec["jobTemplate"]?["spec"] is JsonObject job) PodDefaults.Template(job["template"] as JsonObject);
    }

    private static void Spec(JsonObject spec)
    {
        if (spec["completions"] is null && spec["parallelism"] is null) spec["completions"] = 1;
        Set(spec, "parallelism", 1);
        Set(spec, "backoffLimit", 6);
        Set(spec, "completionMode", "NonIndexed");
        Set(spec, "suspend", false);
        Set(spec, "podReplacementPolicy", spec["podFailurePolicy"] is null ? "TerminatingOrFailed" : "Failed");
        PodDefaults.Template(spec["template"] as JsonObject);
    }
}
