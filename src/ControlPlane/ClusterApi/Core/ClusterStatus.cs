using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>The status of a Cluster: phase, counters and the conditions of both contracts. Pure.</summary>
internal static class ClusterStatus
{
    public static void Write(JsonObject status, JsonObject cluster, ClusterState state, DateTimeOffset now)
    {
        var generation = cluster.Generation();
        void Set(Condition condition) => status.SetCondition(condition, now, generation);

        var provisioned = !state.HasInfrastructure || state.Provisioned;
        status["observedGeneration"] = generation;
        status.Ensure("initialization")["infrastructureProvisioned"] = provisioned;
        status.Ensure("initialization")["controlPlaneInitialized"] = state.Initialized;
        status["controlPlane"] = Counters(state.ControlPlane);
        status["workers"] = Counters(state.Workers);
        if (state.FailureDomains is not null)
            status.Put("failureDomains", state.FailureDomains.DeepClone());
        var endpoint = cluster.Text("spec", "controlPlaneEndpoint", "host") is { Length: > 0 };
        status["phase"] = provisioned && (endpoint || state.Initialized) ? "Provisioned" : state.HasInfrastructure ? "Provisioning" : "Pending";

        var infrastructure = Infrastructure(state);
        var initialized = Initialized(state);
        var controlPlane = Condition.Of("ControlPlaneAvailable", state.ControlPlaneAvailable, state.ControlPlaneAvailable ? "Available" : "NotAvailable",
            state.ControlPlaneAvailable ? "" : state.ControlPlaneMissing && state.HasControlPlane ? "Control plane does not exist" : "Control plane not yet available");
        var workers = Condition.Of("WorkersAvailable", state.WorkersAvailable,
            state.Workers.Desired == 0 ? "NoWorkers" : state.WorkersAvailable ? "Available" : "NotAvailable",
            state.WorkersAvailable ? "" : $"{state.Workers.Available} of {state.Workers.Desired} worker replicas are available");
        var probe = Condition.Of("RemoteConnectionProbe", state.Reachable && state.Initialized,
            state.Reachable && state.Initialized ? "ProbeSucceeded" : "ProbeFailed",
            state.Reachable && state.Initialized ? "" : "Remote connection not established yet");
        Set(infrastructure);
        Set(initialized);
        Set(controlPlane);
        Set(MachineFacts.Summary("ControlPlaneMachinesReady", state.ControlPlaneMachines, m => m.IsMachineReady(), "Ready", "not ready"));
        Set(MachineFacts.Summary("ControlPlaneMachinesUpToDate", state.ControlPlaneMachines, m => m.IsTrue("UpToDate"), "UpToDate", "not up-to-date"));
        Set(workers);
        Set(MachineFacts.Summary("WorkerMachinesReady", state.WorkerMachines, m => m.IsMachineReady(), "Ready", "not ready"));
        Set(MachineFacts.Summary("WorkerMachinesUpToDate", state.WorkerMachines, m => m.IsTrue("UpToDate"), "UpToDate", "not up-to-date"));
        Set(probe);
        var up = state.ControlPlane.Replicas < state.ControlPlane.Desired || state.Workers.Replicas < state.Workers.Desired;
        Set(Condition.Of("RollingOut", state.RollingOut, state.RollingOut ? "RollingOut" : "NotRollingOut"));
        Set(Condition.Of("ScalingUp", up, up ? "ScalingUp" : "NotScalingUp"));
        Set(Condition.Of("ScalingDown", state.ScalingDown, state.ScalingDown ? "ScalingDown" : "NotScalingDown"));
        Set(Condition.False("Remediating", "NotRemediating"));
        Set(Condition.False("Deleting", "NotDeleting"));
        Set(Condition.False("Paused", "NotPaused"));
        Set(Available(state, infrastructure, initialized, controlPlane, workers, probe));
        DeprecatedConditions.Write(status, now,
            Condition.Of("Ready", state.ControlPlaneAvailable && provisioned, provisioned ? "WaitingForControlPlane" : "WaitingForInfrastructure"),
            Condition.Of("ControlPlaneInitialized", state.Initialized, "WaitingForControlPlaneProviderInitialized"),
            Condition.Of("ControlPlaneReady", state.ControlPlaneAvailable, "WaitingForControlPlane"),
            Condition.Of("InfrastructureReady", provisioned, "WaitingForInfrastructure"));
    }

    private static Condition Infrastructure(ClusterState state)
    {
        if (!state.HasInfrastructure)
            return Condition.True("InfrastructureReady", "Ready");
        return state.InfrastructureMissing
            ? Condition.False("InfrastructureReady", "DoesNotExist", "The object that spec.infrastructureRef names does not exist")
            : Condition.Of("InfrastructureReady", state.Provisioned, state.Provisioned ? "Ready" : "NotReady",
                state.Provisioned ? "" : state.InfrastructureMessage.Length > 0 ? state.InfrastructureMessage : "Waiting for the infrastructure provider");
    }

    private static Condition Initialized(ClusterState state) => Condition.Of("ControlPlaneInitialized", state.Initialized,
        state.Initialized ? "Initialized" : state.ControlPlaneMissing && state.HasControlPlane ? "DoesNotExist" : "NotInitialized",
        state.Initialized ? "" : "Control plane not yet initialized");

    private static Condition Available(ClusterState state, params ReadOnlySpan<Condition> parts)
    {
        if (state.IsAvailable)
            return Condition.True("Available", "Available");
        var lines = new List<string>();
        foreach (var part in parts)
        {
            if (part.Status != "True")
                lines.Add($"* {part.Type}: {part.Message}");
        }
        return Condition.False("Available", "NotAvailable", string.Join('\n', lines));
    }

    private static JsonObject Counters(MachineCounts counts) => new()
    {
        ["desiredReplicas"] = counts.Desired,
        ["replicas"] = counts.Replicas,
        ["readyReplicas"] = counts.Ready,
        ["availableReplicas"] = counts.Available,
        ["upToDateReplicas"] = counts.UpToDate,
    };
}
