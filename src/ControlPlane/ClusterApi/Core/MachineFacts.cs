using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>How the owners of Machines judge them.</summary>
internal static class MachineFacts
{
    public static bool IsMachineReady(this JsonObject machine) => machine.IsTrue("Ready");

    public static bool IsMachineAvailable(this JsonObject machine) => machine.IsTrue("Available") && !machine.IsDeleting();

    public static bool HasNode(this JsonObject machine) => machine.Text("status", "nodeRef", "name") is not null;

    public static bool IsControlPlaneMachine(this JsonObject machine) => machine.Label(CapiNames.ControlPlaneLabel) is not null;

    /// <summary>The owner's word on whether a Machine is as its template wants it; written only where it changes.</summary>
    public static async ValueTask NoteUpToDateAsync(ManagementScope scope, JsonObject machine, string? outdated, CancellationToken ct)
    {
        var wanted = Condition.Of("UpToDate", outdated is null, outdated is null ? "UpToDate" : "NotUpToDate", outdated ?? "");
        var seen = machine.FindCondition("UpToDate");
        // A Machine that is just made says by itself that it is new; where a real core runs only its owner does.
        if (seen is null ? outdated is null && scope.Options.CapiCore == CapiCoreMode.Embedded : seen.Text("status") == wanted.Status && seen.Text("message") == wanted.Message)
            return;
        await scope.ChangeStatusAsync(scope.Core("Machine"), machine.KeyOf(), s => s.SetCondition(wanted, scope.Now, machine.Generation()), ct);
    }

    /// <summary>A condition that sums up machines: true when none is otherwise, else the names of the others.</summary>
    public static Condition Summary(string type, IReadOnlyCollection<JsonObject> machines, Func<JsonObject, bool> holds, string word, string verb)
    {
        if (machines.Count == 0)
            return Condition.True(type, "NoReplicas");
        var others = machines.Where(m => !holds(m)).Select(m => m.NameOf()).Order(StringComparer.Ordinal).ToList();
        if (others.Count == 0)
            return Condition.True(type, word);
        var shown = string.Join(", ", others.Take(3)) + (others.Count > 3 ? $", ... ({others.Count - 3} more)" : "");
        return Condition.False(type, $"Not{word}", $"* Machine{(others.Count == 1 ? "" : "s")} {shown}: {verb}");
    }
}
