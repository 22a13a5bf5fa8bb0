using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Workloads;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>The status of a MachineDeployment from its MachineSets. Pure.</summary>
internal static class MachineDeploymentStatus
{
    public static void Write(JsonObject status, JsonObject deployment, Rollout rollout, DateTimeOffset now)
    {
        var generation = deployment.Generation();
        var replicas = rollout.All.Sum(Rollout.Running);
        var ready = rollout.All.Sum(Rollout.Ready);
        var available = rollout.All.Sum(Rollout.Available);
        var upToDate = rollout.New is null ? 0 : Rollout.Running(rollout.New);
        void Set(Condition condition) => status.SetCondition(condition, now, generation);

        ReplicaCounts.Write(status, replicas, ready, available, upToDate);
        status["observedGeneration"] = generation;
        status["selector"] = LabelMatch.ToText(deployment.Child("spec", "selector") ?? []);
        var enough = available >= rollout.Wanted - rollout.MaxUnavailable;
        var rolling = rollout.Old.Any(s => Rollout.Running(s) > 0 || Rollout.Replicas(s) > 0);
        var up = replicas < rollout.Wanted;
        var down = replicas > rollout.Wanted && !rolling;
        Set(Condition.Of("Available", enough, enough ? "Available" : "NotAvailable",
            enough ? "" : $"{available} available replicas, at least {rollout.Wanted - rollout.MaxUnavailable} required (spec.replicas is {rollout.Wanted})"));
        Set(Condition.Of("MachinesReady", ready == replicas, replicas == 0 ? "NoReplicas" : ready == replicas ? "Ready" : "NotReady",
            ready == replicas ? "" : $"{replicas - ready} of {replicas} Machines are not ready"));
        Set(Condition.Of("MachinesUpToDate", upToDate == replicas, replicas == 0 ? "NoReplicas" : upToDate == replicas ? "UpToDate" : "NotUpToDate",
            upToDate == replicas ? "" : $"{replicas - upToDate} of {replicas} Machines are not up-to-date"));
        Set(Condition.Of("RollingOut", rolling, rolling ? "RollingOut" : "NotRollingOut", rolling ? $"Rolling out {replicas - upToDate} not up-to-date replicas" : ""));
        Set(Condition.Of("ScalingUp", up, up ? "ScalingUp" : "NotScalingUp", up ? $"Scaling up from {replicas} to {rollout.Wanted} replicas" : ""));
        Set(Condition.Of("ScalingDown", down, down ? "ScalingDown" : "NotScalingDown", down ? $"Scaling down from {replicas} to {rollout.Wanted} replicas" : ""));
        Set(Condition.False("Remediating", "NotRemediating"));
        Set(Condition.False("Deleting", "NotDeleting"));
        status["phase"] = up ? "ScalingUp" : down || rolling ? "ScalingDown" : ready == rollout.Wanted ? "Running" : "ScalingUp";
        DeprecatedConditions.Write(status, now,
            Condition.Of("Available", enough, enough ? "" : "WaitingForAvailableMachines"),
            Condition.Of("MachineSetReady", ready == rollout.Wanted, ready == rollout.Wanted ? "" : "ScalingUp"),
            Condition.Of("Ready", enough, enough ? "" : "WaitingForAvailableMachines"));
    }
}
