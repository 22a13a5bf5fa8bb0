using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Clusters;

/// <summary>Metadata of objects that a ClusterDeployment owns. Pure.</summary>
internal static class OwnedObjects
{
    public const string FieldManager = "fleet-cluster-manager";

    public static JsonObject Metadata(ClusterDeployment owner, string name, params ReadOnlySpan<(string Key, string Value)> labels)
    {
        var all = new JsonObject { [FleetLabels.Managed] = "true" };
        foreach (var (key, value) in labels)
            all[key] = value;
        return new()
        {
            ["name"] = name,
            ["namespace"] = owner.Metadata.Namespace,
            ["labels"] = all,
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = FleetKinds.ClusterDeployments.Kind.ApiVersion,
                ["kind"] = FleetKinds.ClusterDeployments.Kind.Kind,
                ["name"] = owner.Metadata.Name,
                ["uid"] = owner.Metadata.Uid,
                ["controller"] = true,
                ["blockOwnerDeletion"] = true,
            }),
        };
    }

    /// <summary>Whether an object was made for another ClusterDeployment, for instance an earlier one of the same name.</summary>
    public static bool IsOfAnother(ObjectMeta item, ClusterDeployment owner) =>
        item.OwnerReferences?.Exists(reference => reference.Kind == FleetKinds.ClusterDeployments.Kind.Kind && reference.Uid != owner.Metadata.Uid) == true;
}
