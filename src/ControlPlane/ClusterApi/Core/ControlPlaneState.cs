using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>What is known of a control plane, whether it has Machines or not.</summary>
internal sealed record ControlPlaneState(int Wanted, int Replicas, int Ready, int Available, int UpToDate, bool Initialized)
{
    public bool External { get; init; }

    public IReadOnlyList<JsonObject> Machines { get; init; } = [];

    public static ControlPlaneState Hosted(JsonObject controlPlane, bool up)
    {
        var wanted = controlPlane.Number("spec", "replicas") ?? 1;
        var count = up ? wanted : 0;
        return new(wanted, count, count, count, count, up || controlPlane.Flag("status", "initialization", "controlPlaneInitialized")) { External = true };
    }

    public static ControlPlaneState OfMachines(JsonObject controlPlane, ContractReference template, IReadOnlyList<JsonObject> machines)
    {
        var active = machines.Where(m => !m.IsDeleting()).ToList();
        var version = controlPlane.Text("spec", "version");
        return new(
            controlPlane.Number("spec", "replicas") ?? 1,
            active.Count,
            active.Count(m => m.IsMachineReady()),
            active.Count(m => m.IsMachineAvailable()),
            active.Count(m => version is null || m.Text("spec", "version") == version),
            active.Exists(m => m.HasNode()) || controlPlane.Flag("status", "initialization", "controlPlaneInitialized"))
        {
            Machines = active,
        };
    }
}

/// <summary>The status of a control plane, in both contracts. Pure.</summary>
internal static class ControlPlaneStatus
{
    public static void Write(JsonObject status, JsonObject controlPlane, ControlPlaneState facts, DateTimeOffset now)
    {
        var generation = controlPlane.Generation();
        void Set(Condition condition) => status.SetCondition(condition, now, generation);
        var available = facts.Initialized && (facts.Available > 0 || facts.Wanted == 0);
        var up = facts.Replicas < facts.Wanted;
        var rolling = facts.UpToDate < facts.Replicas;

        ReplicaCounts.Write(status, facts.Replicas, facts.Ready, facts.Available, facts.UpToDate);
        status["observedGeneration"] = generation;
        status["selector"] = $"{CapiNames.ClusterLabel}={controlPlane.Label(CapiNames.ClusterLabel)},{CapiNames.ControlPlaneLabel}";
        status["initialized"] = facts.Initialized;
        status["ready"] = available;
        status.Ensure("initialization")["controlPlaneInitialized"] = facts.Initialized;
        status["externalManagedControlPlane"] = facts.External;
        if (controlPlane.Text("spec", "version") is { } version && available)
            status["version"] = version;
        Set(Condition.True("CertificatesAvailable", "Available"));
        Set(Condition.Of("Initialized", facts.Initialized, facts.Initialized ? "Initialized" : "NotInitialized"));
        Set(Condition.Of("Available", available, available ? "Available" : "NotAvailable", available ? "" : "Control plane not yet initialized"));
        if (facts.External)
            Set(Condition.Of("MachinesReady", available, available ? "Ready" : "NotReady"));
        else
            Set(MachineFacts.Summary("MachinesReady", facts.Machines, m => m.IsMachineReady(), "Ready", "not ready"));
        Set(Condition.Of("MachinesUpToDate", !rolling, rolling ? "NotUpToDate" : "UpToDate"));
        Set(Condition.Of("RollingOut", rolling, rolling ? "RollingOut" : "NotRollingOut", rolling ? $"Rolling out {facts.Replicas - facts.UpToDate} not up-to-date replicas" : ""));
        Set(Condition.Of("ScalingUp", up, up ? "ScalingUp" : "NotScalingUp", up ? $"Scaling up from {facts.Replicas} to {facts.Wanted} replicas" : ""));
        var down = facts.Replicas > facts.Wanted && !rolling;
        Set(Condition.Of("ScalingDown", down, down ? "ScalingDown" : "NotScalingDown"));
        Set(Condition.False("Remediating", "NotRemediating"));
        Set(Condition.False("Deleting", "NotDeleting"));
        DeprecatedConditions.Write(status, now,
            Condition.Of("Available", available, available ? "" : "WaitingForKubeadmInit"),
            Condition.Of("Ready", available, available ? "" : "WaitingForKubeadmInit"));
    }
}
