using System.Text.Json.Nodes;
using Fleet.Cost.Packing;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Recommendations.Surveys;

/// <summary>A disk that a claim is bound to, as far as it decides where its pods may run. Pure.</summary>
/// <param name="Driver">Of CSI, which attaches it; "" for one that is reached by the network without being attached.</param>
/// <param name="Nodes">Required affinity: one of the terms must be met. Empty: any node.</param>
/// <param name="IsForMany">Whether several nodes may have it at the same time.</param>
/// <param name="StaysBecause">Why pods with it can not be moved; null when that depends on the nodes.</param>
internal sealed record SurveyVolume(ObjectKey Claim, string Driver, IReadOnlyList<IReadOnlyList<NodeRequirement>> Nodes, bool IsForMany, string? StaysBecause)
{
    private static readonly string[] ZoneLabels = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region"];

    private static readonly string[] ByNetwork = ["nfs", "cephfs", "glusterfs"];

    /// <summary>Null for one that is bound to no claim.</summary>
    public static SurveyVolume? Of(DynamicObject volume)
    {
        if ((string?)volume.At("spec", "claimRef", "name") is not { } claim || (string?)volume.At("status", "phase") != "Bound")
            return null;
        var driver = (string?)volume.At("spec", "csi", "driver");
        var terms = SurveyPod.Items(volume.At("spec", "nodeAffinity", "required", "nodeSelectorTerms")).ToList();
        // Disks that are older than node affinity say their zone by labels; several zones are joined by __.
        List<NodeRequirement> zones = [.. ZoneLabels.Where(label => volume.Metadata.Labels?.ContainsKey(label) == true)
            .Select(label => new NodeRequirement(label, "In", volume.Metadata.Labels![label].Split("__")))];
        return new(
            new((string?)volume.At("spec", "claimRef", "namespace") ?? "", claim),
            driver ?? "",
            terms.Count > 0 ? [.. terms.Select(term => (IReadOnlyList<NodeRequirement>)[.. PodPlacing.Term(term), .. zones])] : zones.Count > 0 ? [zones] : [],
            (volume.At("spec", "accessModes") as JsonArray ?? []).Any(mode => (string?)mode is "ReadWriteMany" or "ReadOnlyMany"),
            volume.At("spec", "local") is not null || volume.At("spec", "hostPath") is not null ? "its disk lies on its node"
            : driver is null && !ByNetwork.Any(kind => volume.At("spec", kind) is not null) ? "it has a disk, which may not follow it"
            : terms.Exists(term => term["matchFields"] is JsonArray { Count: > 0 }) ? "its disk names its node"
            : null);
    }
}
