using Fleet.Cost.Packing;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Recommendations.Surveys;

/// <summary>
/// Pods with disks that may follow them: where the disk may be, and whether a node can still attach one more, decide like any other requirement. What is not known of a disk keeps its pod. Pure.
/// </summary>
internal static class VolumePlacer
{
    private const string AttachPrefix = "attachable-volumes-csi-";

    /// <summary>How many disks of each driver a node may attach, by the driver's own word. A driver that does not run there attaches none.</summary>
    public static PackingNode WithLimits(PackingNode node, DynamicObject? csi)
    {
        if (csi is null)
            return node;
        var allocatable = new Dictionary<string, double>(node.Allocatable);
        foreach (var driver in SurveyPod.Items(csi.At("spec", "drivers")))
            allocatable[AttachPrefix + (string?)driver["name"]] = (double?)driver["allocatable"]?["count"] ?? double.MaxValue;
        return node with { Allocatable = allocatable };
    }

    public static IReadOnlyList<SurveyPod> Place(IReadOnlyList<SurveyPod> pods, IEnumerable<SurveyVolume> volumes)
    {
        var bound = volumes.GroupBy(volume => volume.Claim).ToDictionary(group => group.Key, group => group.First());
        var users = pods.SelectMany(pod => pod.Claims.Distinct().Select(claim => new ObjectKey(pod.Key.Namespace, claim))).GroupBy(claim => claim).ToDictionary(group => group.Key, group => group.Count());
        return [.. pods.Select(pod => pod.Claims.Count == 0 ? pod : pod with { Packing = Place(pod, bound, users) })];
    }

    private static PackingPod Place(SurveyPod pod, Dictionary<ObjectKey, SurveyVolume> bound, Dictionary<ObjectKey, int> users)
    {
        var requests = new Dictionary<string, double>(pod.Packing.Requests);
        var affinities = new List<IReadOnlyList<IReadOnlyList<NodeRequirement>>>();
        string? stays = null;
        foreach (var claim in pod.Claims.Distinct().Select(claim => new ObjectKey(pod.Key.Namespace, claim)))
        {
            if (!bound.TryGetValue(claim, out var volume))
            {
                stays ??= $"its disk {claim.Name} is not known";
                continue;
            }
            stays ??= volume.StaysBecause ?? (!volume.IsForMany && users[claim] > 1 ? $"it shares the disk {claim.Name} with others, which must stay beside it" : null);
            if (volume.Driver.Length > 0)
                requests[AttachPrefix + volume.Driver] = requests.GetValueOrDefault(AttachPrefix + volume.Driver) + 1;
            if (volume.Nodes.Count > 0)
                affinities.Add(volume.Nodes);
        }
        // Everything but the disk was looked at before.
        return pod.Packing with { Requests = requests, VolumeAffinities = affinities, StaysBecause = pod.Packing.StaysBecause == PodPlacing.HasDisk ? stays : pod.Packing.StaysBecause };
    }
}
