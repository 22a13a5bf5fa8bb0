using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Faults;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>Desired, present, ready, available and up-to-date machines of one side of a Cluster.</summary>
internal readonly record struct MachineCounts(int Desired, int Replicas, int Ready, int Available, int UpToDate)
{
    public static MachineCounts Of(JsonObject owner) => new(
        owner.Number("spec", "replicas") ?? 1, owner.Number("status", "replicas") ?? 0, owner.Number("status", "readyReplicas") ?? 0,
        owner.Number("status", "availableReplicas") ?? 0, owner.Number("status", "upToDateReplicas") ?? 0);

    public static MachineCounts operator +(MachineCounts a, MachineCounts b) => new(
        a.Desired + b.Desired, a.Replicas + b.Replicas, a.Ready + b.Ready, a.Available + b.Available, a.UpToDate + b.UpToDate);
}

/// <summary>What is known of a Cluster's parts.</summary>
internal sealed record ClusterState
{
    public required bool HasInfrastructure { get; init; }

    public required bool HasControlPlane { get; init; }

    public bool InfrastructureMissing { get; init; }

    public bool ControlPlaneMissing { get; init; }

    public bool Provisioned { get; init; }

    public string InfrastructureMessage { get; init; } = "";

    public JsonNode? FailureDomains { get; init; }

    public bool Initialized { get; init; }

    public bool ControlPlaneAvailable { get; init; }

    public bool Reachable { get; init; }

    public MachineCounts ControlPlane { get; init; }

    public MachineCounts Workers { get; init; }

    public bool WorkersAvailable { get; init; }

    public bool RollingOut { get; init; }

    public bool ScalingDown { get; init; }

    public IReadOnlyList<JsonObject> ControlPlaneMachines { get; init; } = [];

    public IReadOnlyList<JsonObject> WorkerMachines { get; init; } = [];

    public bool IsAvailable => (!HasInfrastructure || Provisioned) && Initialized && ControlPlaneAvailable && WorkersAvailable && Reachable;

    public static ClusterState Read(ManagementScope scope, JsonObject cluster, JsonObject? infrastructure, JsonObject? controlPlane)
    {
        var key = cluster.KeyOf();
        var machines = scope.MembersOf(key, "Machine");
        var workerOwners = scope.MembersOf(key, "MachineDeployment").Concat(scope.MembersOf(key, "MachinePool"))
            .Concat(scope.MembersOf(key, "MachineSet").Where(s => s.Controller()?.Text("kind") != "MachineDeployment")).ToList();
        var controlPlaneMachines = machines.Where(m => m.IsControlPlaneMachine()).ToList();
        var workerMachines = machines.Where(m => !m.IsControlPlaneMachine()).ToList();
        var alone = workerMachines.Where(m => m.Controller()?.Text("kind") is null or "Cluster").ToList();
        var controlPlaneCounts = controlPlane is not null
            ? MachineCounts.Of(controlPlane)
            : CountOf(controlPlaneMachines);
        var api = scope.Clusters.Find(scope.Names.Of(key));
        return new()
        {
            HasInfrastructure = cluster.Child("spec", "infrastructureRef") is not null,
            HasControlPlane = cluster.Child("spec", "controlPlaneRef") is not null,
            InfrastructureMissing = infrastructure is null,
            ControlPlaneMissing = controlPlane is null,
            Provisioned = infrastructure is not null && MachineStatus.IsReady(infrastructure, "provisioned"),
            InfrastructureMessage = infrastructure?.FindCondition("Ready")?.Text("message") ?? "",
            FailureDomains = infrastructure?.At("status", "failureDomains")?.DeepClone(),
            Initialized = controlPlane is not null
                ? controlPlane.Flag("status", "initialization", "controlPlaneInitialized") || controlPlane.Flag("status", "initialized")
                : controlPlaneMachines.Exists(m => m.HasNode()),
            ControlPlaneAvailable = controlPlane is not null
                ? controlPlane.IsTrue("Available") || (controlPlane.FindCondition("Available") is null && controlPlane.Flag("status", "ready"))
                : controlPlaneMachines.Exists(m => m.IsMachineAvailable()),
            Reachable = api is not null && ApiFaults.Of(infrastructure, cluster) is not { Mode: not ApiFaultMode.None },
            ControlPlane = controlPlaneCounts,
            Workers = workerOwners.Select(MachineCounts.Of).Append(CountOf(alone)).Aggregate(default(MachineCounts), (a, b) => a + b),
            WorkersAvailable = workerOwners.TrueForAll(w => w.IsTrue("Available")),
            RollingOut = workerOwners.Append(controlPlane).Any(w => w?.IsTrue("RollingOut") == true),
            ScalingDown = workerOwners.Append(controlPlane).Any(w => w?.IsTrue("ScalingDown") == true),
            ControlPlaneMachines = controlPlaneMachines,
            WorkerMachines = workerMachines,
        };
    }

    private static MachineCounts CountOf(List<JsonObject> machines) => new(machines.Count, machines.Count,
        machines.Count(m => m.IsMachineReady()), machines.Count(m => m.IsMachineAvailable()), machines.Count(m => m.IsTrue("UpToDate")));
}
