using System.Text.Json.Nodes;
using Fleet.Cost.Savings;
using Fleet.Observability.Recommendations.Usage;

namespace Fleet.Observability.Recommendations.Advice;

/// <summary>Disks that nobody mounts, and load balancers with nothing behind them: both cost as long as they are there. Pure.</summary>
internal static class AssetAdvisor
{
    public static IEnumerable<Recommendation> Volumes(AdviceFacts facts)
    {
        foreach (var volume in facts.Seen.Volumes)
            if (Since(facts, UnusedAssets.KeyOf(volume), facts.Options.UnmountedAfter) is { } since)
            {
                var price = facts.Prices.VolumeMonth(volume);
                yield return new()
                {
                    Kind = RecommendationKinds.UnmountedVolume,
                    Namespace = volume.Claim?.Namespace ?? "",
                    ObjectKind = "PersistentVolume",
                    ObjectName = volume.Name,
                    Summary = volume.Claim is { } claim
                        ? $"no pod mounts the claim {claim.Name} since {AdviceTexts.Days(facts.Now - since)}"
                        : $"no claim has it ({volume.Phase.ToLowerInvariant()}) since {AdviceTexts.Days(facts.Now - since)}",
                    Current = new() { ["capacity"] = Cost.Rightsizing.ReadableAmounts.Memory(volume.Bytes), ["storageClass"] = volume.StorageClass, ["phase"] = volume.Phase, ["claim"] = volume.Claim?.ToString() },
                    Recommended = new() { ["action"] = volume.Claim is null ? "keep a snapshot, then delete the volume and its disk" : "keep a snapshot, then delete the claim" },
                    Evidence = Window(since, facts.Now),
                    Saving = MonthlySaving.OfAsset(price, facts.Prices.Currency),
                    Claims = [new($"disk {volume.Uid}", price, price is null ? null : 0)],
                };
            }
    }

    public static IEnumerable<Recommendation> Balancers(AdviceFacts facts)
    {
        foreach (var service in facts.Seen.Services.Where(service => service is { IsLoadBalancer: true, Address.Length: > 0 }))
            if (Since(facts, UnusedAssets.KeyOf(service), facts.Options.UnservedAfter) is { } since)
            {
                var price = facts.Prices.BalancerMonth();
                yield return new()
                {
                    Kind = RecommendationKinds.IdleLoadBalancer,
                    Namespace = service.Key.Namespace,
                    ObjectKind = "Service",
                    ObjectName = service.Key.Name,
                    Summary = $"no pod is ready behind it since {AdviceTexts.Days(facts.Now - since)}",
                    Current = new() { ["type"] = "LoadBalancer", ["address"] = service.Address },
                    Recommended = new() { ["action"] = "delete the service, or make it a ClusterIP" },
                    Evidence = Window(since, facts.Now),
                    Saving = MonthlySaving.OfAsset(price, facts.Prices.Currency),
                    Claims = [new($"balancer {service.Uid}", price, price is null ? null : 0)],
                };
            }
    }

    private static DateTimeOffset? Since(AdviceFacts facts, string asset, TimeSpan least) =>
        facts.Usage.UnusedSince.TryGetValue(asset, out var since) && facts.Now - since >= least ? since : null;

    private static JsonObject Window(DateTimeOffset since, DateTimeOffset now) => new()
    {
        ["window"] = new JsonObject { ["start"] = since, ["end"] = now }, ["samples"] = null, ["confidence"] = "high",
    };
}
