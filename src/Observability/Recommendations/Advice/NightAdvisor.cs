using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Cost.Rightsizing;
using Fleet.Cost.Savings;
using Fleet.Observability.Recommendations.Surveys;
using Fleet.Observability.Recommendations.Usage;

namespace Fleet.Observability.Recommendations.Advice;

/// <summary>Fewer pods in the hours in which little is done and little is held. Pure.</summary>
internal static class NightAdvisor
{
    /// <summary>Days of which each hour must be known.</summary>
    private const double LeastDays = 2.5;

    /// <summary>By night each pod may be as busy as by day, and a quarter more is kept for what comes.</summary>
    private const double Reserve = 1.25;

    private static readonly string[] Kinds = ["deployment", "statefulset", "replicaset", "rollout"];

    public static IEnumerable<Recommendation> Workloads(AdviceFacts facts, IReadOnlyList<IdleWorkload> idle)
    {
        var left = idle.Select(one => one.Workload).ToHashSet();
        foreach (var workload in facts.Workloads.Where(workload => !workload.Key.IsOfSystem && Kinds.Contains(workload.Key.Kind) && !left.Contains(workload.Key)))
        {
            var pods = workload.ToList();
            // Whoever is scaled by an autoscaler has fewer pods by night already.
            if (pods.Count < 2 || facts.Survey.HorizontalScalers.Any(scaler => scaler.Target == workload.Key) || Profile(facts, workload.Key, pods) is not { } profile
                || NightRhythm.Of(profile.Hours) is not { } night)
                continue;
            var (byCpu, byMemory) = (Needed(pods.Count * night.Share * Reserve), Needed(pods.Count * HeldShare(pods, profile, night)));
            var replicas = Math.Max(byCpu, byMemory);
            if (replicas >= pods.Count)
                continue;
            var part = (pods.Count - replicas) / (double)pods.Count * night.Hours / HourProfile.Hours;
            var claims = Freed.ClaimsOf(facts.Prices, workload.Key, pods, part);
            yield return new()
            {
                Kind = RecommendationKinds.NightScaleDown,
                Namespace = workload.Key.Namespace,
                ObjectKind = ObjectKinds.NameOf(workload.Key.Kind),
                ObjectName = workload.Key.Name,
                Summary = $"from {Clock(night.From)} to {Clock(night.From + night.Hours)} UTC it does {AdviceTexts.Percent(night.Share)} of what it does by day: {replicas} of {pods.Count} pods are enough{(byMemory > byCpu ? ", which hold its memory" : "")}",
                Current = new() { ["replicas"] = pods.Count },
                Recommended = new() { ["replicas"] = replicas, ["from"] = Clock(night.From), ["to"] = Clock(night.From + night.Hours), ["timeZone"] = "UTC" },
                Evidence = EvidenceOf(facts, profile, night),
                Saving = MonthlySaving.OfRequests(Freed.Sum(claims.Select(claim => claim.Freed)), facts.Prices.Currency),
                Claims = claims,
            };
        }
    }

    /// <summary>
    /// A cluster as a whole. How many machines could sleep depends on what runs where by then, so it is an estimate of what becomes free and claims nothing in the sum.
    /// </summary>
    public static Recommendation? Cluster(AdviceFacts facts)
    {
        var profiles = facts.Workloads.Select(workload => (Profile: Profile(facts, workload.Key, [.. workload])!, Pods: workload.Count())).Where(one => one.Profile is not null).ToList();
        var workers = facts.Survey.Nodes.Where(node => node is { IsUsable: true, IsControlPlane: false }).ToList();
        if (profiles.Count == 0 || workers.Count < 2)
            return null;
        var hours = Enumerable.Range(0, HourProfile.Hours).Select(hour => profiles.Sum(one => one.Profile.Hours[hour] * one.Pods)).ToList();
        var bytes = Enumerable.Range(0, HourProfile.Hours).Select(hour => profiles.Sum(one => one.Profile.Bytes[hour] * one.Pods)).ToList();
        if (NightRhythm.Of(hours) is not { } night)
            return null;
        var machine = workers.Average(node => node.Allocatable.GetValueOrDefault("memory"));
        var nodes = Math.Max(Needed(workers.Count * night.Share * Reserve), machine > 0 ? Needed(Held(bytes, night) * Reserve / machine) : workers.Count);
        if (nodes >= workers.Count)
            return null;
        var price = Freed.Sum(workers.Select(node => facts.Prices.NodeMonth(node.Name))) / workers.Count * (workers.Count - nodes) * night.Hours / HourProfile.Hours;
        return new()
        {
            Kind = RecommendationKinds.NightScaleDown,
            Namespace = "",
            ObjectKind = "ClusterDeployment",
            ObjectName = facts.Cluster,
            Summary = $"from {Clock(night.From)} to {Clock(night.From + night.Hours)} UTC the cluster does {AdviceTexts.Percent(night.Share)} of what it does by day; about {nodes} of {workers.Count} machines would be enough",
            Current = new() { ["nodes"] = workers.Count },
            Recommended = new() { ["nodes"] = nodes, ["from"] = Clock(night.From), ["to"] = Clock(night.From + night.Hours), ["timeZone"] = "UTC" },
            Evidence = EvidenceOf(facts, new(hours, bytes, profiles.Min(one => one.Profile.Days)), night),
            Saving = MonthlySaving.OfRequests(price, facts.Prices.Currency),
        };
    }

    private static int Needed(double pods) => Math.Max(1, (int)Math.Ceiling(pods - 1e-9));

    /// <summary>The most that is held in an hour of the night.</summary>
    private static double Held(IReadOnlyList<double> bytes, NightRhythm night) => Enumerable.Range(night.From, night.Hours).Max(at => bytes[at % HourProfile.Hours]);

    /// <summary>
    /// What is held by night, of what all pods may hold: as if none of it went with the pods that go. A pod may hold what it requests, and by day it has held more than that if it was so.
    /// </summary>
    private static double HeldShare(IReadOnlyList<SurveyPod> pods, DayProfile profile, NightRhythm night)
    {
        var room = Math.Max(pods.MaxBy(pod => pod.Created)!.Containers.Sum(container => container.RamRequest), profile.Bytes.Max());
        return room > 0 ? Held(profile.Bytes, night) / room : 1;
    }

    private static DayProfile? Profile(AdviceFacts facts, Workload workload, IReadOnlyList<SurveyPod> pods)
    {
        var (hours, bytes, days) = (new double[HourProfile.Hours], new double[HourProfile.Hours], double.MaxValue);
        foreach (var container in pods.MaxBy(pod => pod.Created)!.Containers)
        {
            if (!facts.Usage.Containers.TryGetValue(new(workload.Namespace, workload.Kind, workload.Name, container.Name), out var usage))
                return null;
            days = Math.Min(days, Math.Min(usage.Hours.Days, usage.MemoryHours.Days));
            for (var hour = 0; hour < hours.Length; hour++)
                (hours[hour], bytes[hour]) = (hours[hour] + usage.Hours.Means[hour], bytes[hour] + usage.MemoryHours.Means[hour]);
        }
        return days is >= LeastDays and < double.MaxValue ? new(hours, bytes, days) : null;
    }

    private static JsonObject EvidenceOf(AdviceFacts facts, DayProfile profile, NightRhythm night) => new()
    {
        ["window"] = new JsonObject { ["start"] = facts.Now.AddDays(-Math.Ceiling(profile.Days)), ["end"] = facts.Now },
        ["samples"] = null,
        ["confidence"] = profile.Days < 5 ? "medium" : "high",
        ["coresByHour"] = new JsonArray([.. profile.Hours.Select(cores => (JsonNode)Math.Round(cores, 4))]),
        ["memoryByHour"] = new JsonArray([.. profile.Bytes.Select(bytes => (JsonNode)Math.Round(bytes))]),
        ["quietCores"] = Math.Round(night.Quiet, 4),
        ["busyCores"] = Math.Round(night.Busy, 4),
        ["quietMemory"] = Math.Round(Held(profile.Bytes, night)),
        ["days"] = Math.Round(profile.Days, 1),
    };

    private static string Clock(int hour) => (hour % HourProfile.Hours).ToString("00", CultureInfo.InvariantCulture) + ":00";

    /// <param name="Hours">Cores of a pod by hour.</param>
    /// <param name="Bytes">Memory likewise.</param>
    private sealed record DayProfile(IReadOnlyList<double> Hours, IReadOnlyList<double> Bytes, double Days);
}
