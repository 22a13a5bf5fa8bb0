using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Simulation.Objects;

/// <summary>Owner references.</summary>
internal static class Ownership
{
    public static JsonObject ReferenceTo(JsonObject owner, bool controller = true) => new()
    {
        ["apiVersion"] = owner.Text("apiVersion"),
        ["kind"] = owner.Text("kind"),
        ["name"] = owner.NameOf(),
        ["uid"] = owner.Uid(),
        ["controller"] = controller,
        ["blockOwnerDeletion"] = true,
    };

    public static JsonObject? Controller(this JsonObject obj) =>
        obj.Items("metadata", "ownerReferences").FirstOrDefault(r => r.Flag("controller"));

    public static bool IsControlledBy(this JsonObject obj, JsonObject owner) => obj.Controller()?.Text("uid") == owner.Uid();

    /// <summary>The first owner of a kind, whatever its version.</summary>
    public static string? OwnerName(this JsonObject obj, string kind) =>
        obj.Items("metadata", "ownerReferences").FirstOrDefault(r => r.Text("kind") == kind)?.Text("name");

    /// <summary>Adds the reference unless one with the same uid is there; true when it was added.</summary>
    public static bool AddOwner(this JsonObject obj, JsonObject owner, bool controller)
    {
        if (obj.Items("metadata", "ownerReferences").Any(r => r.Text("uid") == owner.Uid()))
            return false;
        var reference = ReferenceTo(owner, controller);
        if (obj.At("metadata", "ownerReferences") is JsonArray list)
            list.Add(reference);
        else
            obj.Ensure("metadata")["ownerReferences"] = new JsonArray(reference);
        return true;
    }
}
