using Fleet.Kubernetes.Objects;
using Fleet.Observability.Clusters;
using Fleet.Observability.Objects;
using Fleet.Observability.Recommendations.Surveys;

namespace Fleet.Observability.Recommendations.Usage;

/// <summary>Disks and load balancers that nobody uses at this moment. Pure.</summary>
internal static class UnusedAssets
{
    /// <summary>By the names that the ledger has for them.</summary>
    public static string KeyOf(bool isDisk, string asset) => (isDisk ? "disk " : "balancer ") + asset;

    public static string KeyOf(VolumeRow volume) => KeyOf(true, volume.Name);

    public static string KeyOf(ServiceRow service) => KeyOf(false, service.Key.ToString());

    /// <summary>With the time since which they can be: for those of which nothing else is known, now.</summary>
    public static IReadOnlyDictionary<string, DateTimeOffset> Of(ClusterSnapshot seen, ClusterSurvey survey, DateTimeOffset now)
    {
        var mounted = survey.Pods.SelectMany(pod => pod.Claims.Select(claim => new ObjectKey(pod.Key.Namespace, claim))).ToHashSet();
        return Volumes(seen, mounted).Select(KeyOf).Concat(Balancers(seen, survey).Select(KeyOf)).Distinct().ToDictionary(key => key, _ => now);
    }

    private static IEnumerable<VolumeRow> Volumes(ClusterSnapshot seen, HashSet<ObjectKey> mounted) => seen.Volumes.Where(volume => volume.Claim is not { } claim || !mounted.Contains(claim));

    private static IEnumerable<ServiceRow> Balancers(ClusterSnapshot seen, ClusterSurvey survey) =>
        seen.Services.Where(service => service is { IsLoadBalancer: true, Address.Length: > 0 } && !survey.Served.Contains(service.Key));
}
