using Fleet.Control.Durations;
using Fleet.Observability.Kubelets;

namespace Fleet.Observability.Collection;

/// <summary>The pace of collecting.</summary>
public sealed record CollectionOptions
{
    /// <summary>How often a cluster is looked at and its metrics-server asked, which measures about as often itself.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often what was seen goes into the ledger: what a process that is killed loses of usage, not of requests.</summary>
    public TimeSpan WriteEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Of a longer absence only its end is filled in.</summary>
    public TimeSpan LongestGap { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Whether kubelets are asked, and for what, where a ClusterDeployment does not say it. It needs rights to <c>nodes/proxy</c>, with which one may do much more on many clusters.</summary>
    public KubeletSource Kubelets { get; init; }

    /// <summary>Nodes of one cluster that are asked at the same time.</summary>
    public int KubeletsOfClusterAtOnce { get; init; } = 4;

    /// <summary>Nodes of all clusters that are asked at the same time.</summary>
    public int KubeletsAtOnce { get; init; } = 32;

    /// <summary>A kubelet that does not answer within it has none for this look.</summary>
    public TimeSpan KubeletPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How much of the past of simulated clusters is filled in, where somebody can tell it.</summary>
    public TimeSpan Backfill { get; init; } = TimeSpan.FromDays(35);

    /// <summary>How long hours are kept, in whole days. A month, and the time in which it is looked back at by the hour.</summary>
    public TimeSpan HourRetention { get; init; } = TimeSpan.FromDays(62);

    /// <summary>How long days are kept, in whole months: as far back as windows reach.</summary>
    public TimeSpan DayRetention { get; init; } = TimeSpan.FromDays(3 * 366);

    /// <param name="every">Value of <c>FLEET_COSTS_EVERY</c>; the ledger is written after five times as long, as usual.</param>
    /// <exception cref="FormatException">It cannot be used; the message says what it should look like.</exception>
    public static CollectionOptions For(string? every)
    {
        if (string.IsNullOrEmpty(every))
            return new();
        return GoDuration.TryParse(every, out var pace) && pace >= TimeSpan.FromSeconds(1) && pace <= TimeSpan.FromHours(1)
            ? new() { Every = pace, WriteEvery = pace * 5 }
            : throw new FormatException($"FLEET_COSTS_EVERY is \"{every}\", which is no duration from 1s to 1h: for example 1m");
    }
}
