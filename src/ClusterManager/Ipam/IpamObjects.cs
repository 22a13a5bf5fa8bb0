using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Control.Kinds;

namespace Fleet.ClusterManager.Ipam;

/// <summary>Metadata of what belongs to a claim: named as the claim, gone with it. Pure.</summary>
internal static class IpamObjects
{
    public static JsonObject Metadata(ClusterIpamClaim claim) => new()
    {
        ["name"] = claim.Metadata.Name,
        ["namespace"] = claim.Metadata.Namespace,
        ["labels"] = new JsonObject { [FleetLabels.Managed] = "true" },
        ["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = FleetKinds.ClusterIpamClaims.Kind.ApiVersion,
            ["kind"] = FleetKinds.ClusterIpamClaims.Kind.Kind,
            ["name"] = claim.Metadata.Name,
            ["uid"] = claim.Metadata.Uid,
            ["controller"] = true,
            ["blockOwnerDeletion"] = true,
        }),
    };
}
