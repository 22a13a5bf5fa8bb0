using System.Text.Json.Nodes;
using Fleet.Cost.Rightsizing;
using Fleet.Cost.Savings;
using Fleet.Observability.Recommendations.Surveys;
using Fleet.Observability.Recommendations.Usage;

namespace Fleet.Observability.Recommendations.Advice;

/// <summary>What a container of a workload should request.</summary>
internal sealed record ContainerAdvice(Workload Workload, SurveyContainer Container, RightsizingAdvice Advice);

/// <summary>Other requests for containers that use much less, or more, than they ask for. Pure.</summary>
internal static class RightsizingAdvisor
{
    public static IReadOnlyList<ContainerAdvice> Advise(AdviceFacts facts)
    {
        var found = new List<ContainerAdvice>();
        foreach (var workload in facts.Workloads.Where(workload => !workload.Key.IsOfSystem))
        {
            var pod = workload.MaxBy(pod => pod.Created)!;
            foreach (var container in pod.Containers)
                if (facts.Usage.Containers.TryGetValue(KeyOf(workload.Key, container.Name), out var usage) && usage.Samples >= facts.Options.LeastSamples
                    && Rightsizer.Of(CaseOf(facts, workload.Key, pod, container, usage)) is { } advice)
                    found.Add(new(workload.Key, container, advice));
        }
        return found;
    }

    public static Recommendation Explain(AdviceFacts facts, ContainerAdvice found)
    {
        var (workload, container, advice) = (found.Workload, found.Container, found.Advice);
        var pods = facts.Workloads[workload].ToList();
        var usage = facts.Usage.Containers[KeyOf(workload, container.Name)];
        var freed = Freed.Of(facts.Prices, pods, container.CpuRequest - advice.Cpu.Request, container.RamRequest - advice.Memory.Request, RunningPart(workload, usage, pods.Count));
        return new()
        {
            Kind = RecommendationKinds.Rightsizing,
            Namespace = workload.Namespace,
            ObjectKind = ObjectKinds.NameOf(workload.Kind),
            ObjectName = workload.Name,
            Container = container.Name,
            Summary = SummaryOf(container, advice, usage),
            Current = Amounts(container.CpuRequest, container.RamRequest, container.CpuLimit, container.RamLimit),
            Recommended = Amounts(advice.Cpu.Request, advice.Memory.Request, advice.Cpu.Limit, advice.Memory.Limit),
            Evidence = EvidenceOf(facts, workload, pods, usage, advice),
            Saving = MonthlySaving.OfRequests(freed, facts.Prices.Currency),
            Claims = [new(Freed.ClaimOf(workload, container.Name), 0, freed)],
        };
    }

    private static WorkloadContainer KeyOf(Workload workload, string container) => new(workload.Namespace, workload.Kind, workload.Name, container);

    private static RightsizingCase CaseOf(AdviceFacts facts, Workload workload, SurveyPod pod, SurveyContainer container, ContainerUsage usage)
    {
        var scaler = facts.Survey.HorizontalScalers.FirstOrDefault(scaler => scaler.Target == workload);
        return new()
        {
            Usage = usage,
            CpuRequest = container.CpuRequest,
            MemoryRequest = container.RamRequest,
            CpuLimit = container.CpuLimit,
            MemoryLimit = container.RamLimit,
            ContainersInPod = pod.Containers.Count,
            IsGuaranteed = pod.QosClass == "Guaranteed",
            CpuScaledBy = scaler?.Resources.Contains("cpu") == true ? $"HorizontalPodAutoscaler {scaler.Name}" : null,
            MemoryScaledBy = scaler?.Resources.Contains("memory") == true ? $"HorizontalPodAutoscaler {scaler.Name}" : null,
            SetBy = facts.Survey.VerticalScalers.FirstOrDefault(scaler => scaler.Target == workload && scaler.Sets)?.Name,
        };
    }

    /// <summary>Pods of jobs are there for some minutes; what they free counts by how much of the time one ran.</summary>
    private static double RunningPart(Workload workload, ContainerUsage usage, int pods)
    {
        if (workload.Kind is not ("job" or "cronjob") || usage.FirstSample is not { } first || usage.LastSample is not { } last || last <= first)
            return 1;
        var minutes = usage.Samples - usage.FilledSamples + usage.FilledSamples * 60.0 / ContainerUsage.SamplesOfHour;
        return Math.Min(1, minutes / (last - first).TotalMinutes / pods);
    }

    private static string SummaryOf(SurveyContainer container, RightsizingAdvice advice, ContainerUsage usage)
    {
        var parts = new List<string>();
        if (advice.Cpu.Changes)
            parts.Add($"CPU {Text(container.CpuRequest, ReadableAmounts.Cpu)} → {ReadableAmounts.Cpu(advice.Cpu.Request)} (95 % of the time below {ReadableAmounts.Cpu(usage.Cpu.Percentile(0.95))})");
        if (advice.Memory.Changes)
            parts.Add($"memory {Text(container.RamRequest, ReadableAmounts.Memory)} → {ReadableAmounts.Memory(advice.Memory.Request)} (peak {ReadableAmounts.Memory(usage.Peaks.Memory)})");
        return string.Join(", ", parts);

        static string Text(double amount, Func<double, string> text) => amount > 0 ? text(amount) : "none";
    }

    private static JsonObject Amounts(double cpu, double memory, double? cpuLimit, double? memoryLimit) => new()
    {
        ["cpu"] = cpu > 0 ? ReadableAmounts.Cpu(cpu) : null,
        ["memory"] = memory > 0 ? ReadableAmounts.Memory(memory) : null,
        ["cpuLimit"] = cpuLimit is { } cores ? ReadableAmounts.Cpu(cores) : null,
        ["memoryLimit"] = memoryLimit is { } bytes ? ReadableAmounts.Memory(bytes) : null,
    };

    private static JsonObject EvidenceOf(AdviceFacts facts, Workload workload, IReadOnlyList<SurveyPod> pods, ContainerUsage usage, RightsizingAdvice advice)
    {
        var vertical = facts.Survey.VerticalScalers.FirstOrDefault(scaler => scaler.Target == workload);
        return new()
        {
            ["window"] = new JsonObject { ["start"] = advice.Evidence.From, ["end"] = advice.Evidence.Until },
            ["samples"] = advice.Evidence.Samples,
            // Hours of the ledger stand for twelve samples each: what was between their mean and their peak is not known.
            ["samplesFromLedger"] = usage.FilledSamples,
            ["confidence"] = advice.Evidence.ConfidenceDays switch { < 1 => "low", < 5 => "medium", _ => "high" },
            ["confidenceDays"] = Math.Round(advice.Evidence.ConfidenceDays, 2),
            ["percentile"] = 90,
            ["cpu"] = Usage(usage.Cpu, usage.Peaks.Cpu, advice.Evidence.Cpu, advice.Cpu),
            ["memory"] = Usage(usage.Memory, usage.Peaks.Memory, advice.Evidence.Memory, advice.Memory),
            ["oomKills"] = usage.OutOfMemoryKills,
            ["lastOomKill"] = usage.LastKill,
            ["qosClass"] = pods.MaxBy(pod => pod.Created)!.QosClass,
            ["pods"] = pods.Count,
            ["verticalPodAutoscaler"] = vertical is null ? null : $"{vertical.Name} ({vertical.Mode})",
        };
    }

    /// <summary>Of memory the percentiles are of daily peaks.</summary>
    private static JsonObject Usage(DecayingHistogram usage, double peak, ResourceRecommendation bounds, ResourceAdvice advice) => new()
    {
        ["p50"] = usage.Percentile(0.5),
        ["p95"] = usage.Percentile(0.95),
        ["max"] = peak,
        ["target"] = bounds.Target,
        ["lowerBound"] = bounds.LowerBound,
        // With next to no confidence it is beyond every machine.
        ["upperBound"] = double.IsFinite(bounds.UpperBound) ? bounds.UpperBound : null,
        ["verdict"] = advice.Verdict.ToString(),
        ["note"] = advice.Note,
    };
}
