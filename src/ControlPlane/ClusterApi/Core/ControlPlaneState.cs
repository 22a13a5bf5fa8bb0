using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>What is known of a control plane, whether it has Machines or not.</summary>
internal sealed record ControlPlaneState(int Wanted, int Replicas, int Ready, int Available, int UpToDate, bool Initialized)
{
    public bool External { get; init; }

    public IReadOnlyList<JsonObject> Machines { get; init; } = [];

    /// <summary>The lowest version that it runs; null while it runs none.</summary>
    public string? Version { get; init; }

    /// <summary>What the next step waits for.</summary>
    public string? Waits { get; init; }

    public static ControlPlaneState Hosted(JsonObject controlPlane, bool up, bool upgrading)
    {
        var wanted = controlPlane.Number("spec", "replicas") ?? 1;
        var count = up ? wanted : 0;
        return new(wanted, count, count, count, upgrading ? 0 : count, up)
        {
            External = true,
            Version = !up ? null : upgrading ? controlPlane.Text("status", "version") : controlPlane.Text("spec", "version"),
        };
    }

    public static ControlPlaneState OfMachines(JsonObject controlPlane, IReadOnlyList<ControlPlaneMachine> machines, string? waits)
    {
        var active = machines.Where(m => !m.Machine.IsDeleting()).ToList();
        return new(
            controlPlane.Number("spec", "replicas") ?? 1,
            active.Count,
            active.Count(m => m.Machine.IsMachineReady()),
            active.Count(m => m.Machine.IsMachineAvailable()),
            active.Count(m => m.IsUpToDate),
            active.Exists(m => m.Machine.HasNode()) || controlPlane.Flag("status", "initialization", "controlPlaneInitialized"))
        {
            Machines = [.. active.Select(m => m.Machine)],
            Version = KubernetesVersions.Lowest(active.Where(m => m.Machine.HasNode()).Select(m => m.Machine.Text("spec", "version"))),
            Waits = waits,
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
        // The contract: the lowest version that runs, so that nobody takes an upgrade for done while a Machine lags behind.
        if (facts.Version is { } version)
            status["version"] = version;
        Set(Condition.True("CertificatesAvailable", "Available"));
        Set(Condition.Of("Initialized", facts.Initialized, facts.Initialized ? "Initialized" : "NotInitialized"));
        Set(Condition.Of("Available", available, available ? "Available" : "NotAvailable", available ? "" : "Control plane not yet initialized"));
        if (facts.External)
            Set(Condition.Of("MachinesReady", available, available ? "Ready" : "NotReady"));
        else
            Set(MachineFacts.Summary("MachinesReady", facts.Machines, m => m.IsMachineReady(), "Ready", "not ready"));
        Set(Condition.Of("MachinesUpToDate", !rolling, rolling ? "NotUpToDate" : "UpToDate"));
        Set(Condition.Of("RollingOut", rolling, rolling ? "RollingOut" : "NotRollingOut", rolling ? $"Rolling out {facts.Replicas - facts.UpToDate} not up-to-date replicas{Blocked(facts)}" : ""));
        Set(Condition.Of("ScalingUp", up, up ? "ScalingUp" : "NotScalingUp", up ? $"Scaling up from {facts.Replicas} to {facts.Wanted} replicas{Blocked(facts)}" : ""));
        var down = facts.Replicas > facts.Wanted && !rolling;
        Set(Condition.Of("ScalingDown", down, down ? "ScalingDown" : "NotScalingDown",
            down ? $"Scaling down from {facts.Replicas} to {facts.Wanted} replicas{Blocked(facts)}" : ""));
        Set(Condition.False("Remediating", "NotRemediating"));
        Set(Condition.False("Deleting", "NotDeleting"));
        DeprecatedConditions.Write(status, now,
            Condition.Of("Available", available, available ? "" : "WaitingForKubeadmInit"),
            Condition.Of("Ready", available, available ? "" : "WaitingForKubeadmInit"));
    }

    private static string Blocked(ControlPlaneState facts) => facts.Waits is { } waits ? $" is blocked because:\n* {waits}" : "";
}
