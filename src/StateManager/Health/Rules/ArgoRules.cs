using System.Text.Json.Nodes;

namespace Fleet.StateManager.Health.Rules;

/// <summary>Argo Rollouts, CD, Workflows and Events.</summary>
internal static class ArgoRules
{
    private const string Group = "argoproj.io";

    public static IEnumerable<(string Group, string Kind, Func<ObservedObject, ObjectVerdict> Judge)> All =>
    [
        (Group, "Rollout", Rollout),
        (Group, "AnalysisRun", Analysis),
        (Group, "Experiment", Analysis),
        (Group, "Application", Application),
        (Group, "ApplicationSet", ApplicationSet),
        (Group, "Workflow", Workflow),
        (Group, "EventSource", item => Events(item, "SourcesProvided", "Deployed")),
        (Group, "Sensor", item => Events(item, "DependenciesProvided", "TriggersProvided", "Deployed")),
        (Group, "EventBus", item => Events(item, "Configured", "Deployed")),
    ];

    private static ObjectVerdict Rollout(ObservedObject rollout)
    {
        if (rollout.Condition("InvalidSpec") is { IsTrue: true } invalid)
            return ObjectVerdict.Failed(invalid.Say("its spec is not valid"));
        var phase = rollout.Text("status", "phase");
        var message = rollout.Text("status", "message") is { Length: > 0 } said ? said : $"it is {phase}";
        if (rollout.Is("status", "abort"))
            return ObjectVerdict.Failed($"its update was aborted: {message}");
        // It counts as seen only when the controller has written the generation, as text.
        if (rollout.ObservedGeneration is null)
            return ObjectVerdict.Progressing("its controller has not seen it yet");
        return phase switch
        {
            "Degraded" => ObjectVerdict.Failed(message),
            "Paused" => ObjectVerdict.Suspended(message),
            "Healthy" => rollout.Text("status", "stableRS") == rollout.Text("status", "currentPodHash")
                ? ObjectVerdict.Healthy
                : ObjectVerdict.Progressing("its new pods are not the stable ones yet"),
            "" => ObjectVerdict.Progressing("it has no phase yet"),
            _ => ObjectVerdict.Progressing(message),
        };
    }

    private static ObjectVerdict Analysis(ObservedObject run)
    {
        var phase = run.Text("status", "phase");
        var message = run.Text("status", "message") is { Length: > 0 } said ? said : $"it is {phase}";
        return phase switch
        {
            "Successful" => ObjectVerdict.Healthy,
            "Failed" or "Error" => ObjectVerdict.Failed(message),
            "Inconclusive" => ObjectVerdict.Unknown(message),
            "" => ObjectVerdict.Progressing("its controller has not seen it yet"),
            _ => ObjectVerdict.Running(message),
        };
    }

    private static ObjectVerdict Application(ObservedObject application)
    {
        foreach (var condition in application.Conditions)
            if (condition.Type.EndsWith("Error", StringComparison.Ordinal))
                return ObjectVerdict.Failed($"{condition.Type}: {condition.Say("no message")}");
        var message = application.Text("status", "health", "message");
        var operation = application.Text("status", "operationState", "phase");
        if (operation is "Failed" or "Error")
            return ObjectVerdict.Failed(application.Text("status", "operationState", "message") is { Length: > 0 } why ? why : $"its synchronisation is {operation}");
        var health = application.Text("status", "health", "status");
        var sync = application.Text("status", "sync", "status");
        return (health, sync) switch
        {
            ("Degraded" or "Missing", _) => ObjectVerdict.Failed(message.Length > 0 ? message : $"its objects are {health}"),
            ("Suspended", _) => ObjectVerdict.Suspended(message.Length > 0 ? message : "its objects are suspended"),
            // Healthy alone may be about the revision before.
            ("Healthy", "Synced") when operation is "" or "Succeeded" => ObjectVerdict.Healthy,
            ("Healthy", "OutOfSync") => ObjectVerdict.Progressing("it is not in step with its source"),
            ("Unknown", _) or (_, "Unknown") => ObjectVerdict.Unknown(message.Length > 0 ? message : "Argo CD cannot tell how it is"),
            ("", _) => ObjectVerdict.Progressing("Argo CD has not looked at it yet"),
            _ => ObjectVerdict.Progressing(message.Length > 0 ? message : $"it is {health}"),
        };
    }

    private static ObjectVerdict ApplicationSet(ObservedObject set)
    {
        if (set.Condition("ErrorOccurred") is { IsTrue: true } error)
            return ObjectVerdict.Failed(error.Say("its applications cannot be made"));
        return ConditionRules.AllTrue(set, "ResourcesUpToDate");
    }

    private static ObjectVerdict Workflow(ObservedObject workflow)
    {
        var phase = workflow.Text("status", "phase");
        var progress = workflow.Text("status", "progress");
        var message = workflow.Text("status", "message") is { Length: > 0 } said ? said : progress.Length > 0 ? $"{progress} steps are done" : $"it is {phase}";
        return phase switch
        {
            "Succeeded" => ObjectVerdict.Healthy,
            "Failed" or "Error" => ObjectVerdict.Failed(message),
            "" => ObjectVerdict.Progressing("its controller has not seen it yet"),
            _ when workflow.Is("spec", "suspend") || OnlySuspendedNodesRun(workflow) => ObjectVerdict.Suspended("it waits for somebody to resume it"),
            _ => ObjectVerdict.Running(message),
        };
    }

    private static bool OnlySuspendedNodesRun(ObservedObject workflow)
    {
        var working = (workflow.Item.At("status", "nodes") as JsonObject ?? [])
            .Select(node => node.Value as JsonObject)
            .Where(node => ObservedObject.TextOf(node?["phase"]) == "Running" && ObservedObject.TextOf(node?["type"]) is "Pod" or "Suspend" or "Container" or "HTTP" or "Plugin")
            .ToList();
        return working.Count > 0 && working.TrueForAll(node => ObservedObject.TextOf(node?["type"]) == "Suspend");
    }

    private static ObjectVerdict Events(ObservedObject item, params ReadOnlySpan<string> types)
    {
        foreach (var type in types)
            if (item.Condition(type) is { IsFalse: true } failed)
                return ObjectVerdict.Failed(failed.Say($"it is not {type}"));
        return ConditionRules.AllTrue(item, types);
    }
}
