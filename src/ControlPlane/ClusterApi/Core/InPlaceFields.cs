using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>
/// What flows down from MachineDeployment to MachineSet to Machine without a rollout: labels, annotations, time-outs, order of deletion.
/// Both contracts' places are known. Pure. A label that is taken away from a template stays on what has it.
/// </summary>
internal static class InPlaceFields
{
    /// <summary>Fields of a Machine's spec that may change under it.</summary>
    private static readonly string[] OfMachine = ["deletion", "readinessGates", "minReadySeconds", "nodeDrainTimeout", "nodeVolumeDetachTimeout", "nodeDeletionTimeout"];

    public static bool ToSet(JsonObject set, JsonObject deployment)
    {
        var spec = set.Ensure("spec");
        var changed = CopyMap(set.Ensure("spec", "template", "metadata"), deployment.Child("spec", "template", "metadata"));
        changed |= CopyMap(set.Ensure("metadata"), deployment.Child("spec", "template", "metadata"), "labels");
        changed |= CopyFields(set.Ensure("spec", "template", "spec"), deployment.Child("spec", "template", "spec") ?? []);
        changed |= spec.Put("deletion", deployment.At("spec", "deletion")?.DeepClone());
        if (deployment.Text("spec", "strategy", "rollingUpdate", "deletePolicy") is { } policy)
            changed |= spec.Put("deletePolicy", policy);
        return changed;
    }

    public static bool ToMachine(JsonObject machine, JsonObject set) =>
        CopyMap(machine.Ensure("metadata"), set.Child("spec", "template", "metadata"))
        | CopyFields(machine.Ensure("spec"), set.Child("spec", "template", "spec") ?? []);

    /// <summary>The fields alone, for a Machine that is being made.</summary>
    public static JsonObject Deletion(JsonObject templateSpec)
    {
        var fields = new JsonObject();
        CopyFields(fields, templateSpec);
        return fields;
    }

    private static bool CopyFields(JsonObject to, JsonObject from)
    {
        var changed = false;
        foreach (var field in OfMachine)
            changed |= to.Put(field, from[field]?.DeepClone());
        return changed;
    }

    private static bool CopyMap(JsonObject to, JsonObject? from, params ReadOnlySpan<string> maps)
    {
        var changed = false;
        foreach (var map in maps.IsEmpty ? ["labels", "annotations"] : maps)
        {
            foreach (var (name, value) in from?.Strings(map) ?? [])
                changed |= to.Ensure(map).Put(name, value);
        }
        return changed;
    }
}
