using Fleet.Kubernetes.Core;

namespace Fleet.Observability.Objects;

/// <summary>A container that runs, or has run to its end; one that never started (its image cannot be pulled, say) costs nothing and has no row.</summary>
/// <param name="CpuRequest">In cores.</param>
/// <param name="RamRequest">In bytes.</param>
/// <param name="GpuRequest">In devices.</param>
/// <param name="Started">When it began to run this time.</param>
/// <param name="Ended">Null while it runs.</param>
/// <param name="Restarts">Each begins its counters anew.</param>
internal sealed record ContainerRow(string Name, double CpuRequest, double RamRequest, double GpuRequest, DateTimeOffset Started, DateTimeOffset? Ended, int Restarts)
{
    /// <summary>When it was killed last because its memory was at an end; null when that was not why it ended last.</summary>
    public DateTimeOffset? KilledForMemory { get; init; }

    /// <summary>Containers and sidecars. Other init containers are over before those begin, and share what those request.</summary>
    public static IEnumerable<ContainerRow> AllOf(Pod pod) =>
        Pairs(pod.Spec.InitContainers?.Where(container => container.RestartPolicy == "Always"), pod.Status?.InitContainerStatuses)
            .Concat(Pairs(pod.Spec.Containers, pod.Status?.ContainerStatuses))
            .Select(pair => Of(pair.Container, pair.Status)).OfType<ContainerRow>();

    private static IEnumerable<(Container Container, ContainerStatus? Status)> Pairs(IEnumerable<Container>? containers, List<ContainerStatus>? statuses) =>
        (containers ?? []).Select(container => (container, statuses?.Find(status => status.Name == container.Name)));

    private static ContainerRow? Of(Container container, ContainerStatus? status)
    {
        var ended = status?.State?.Terminated ?? (status?.State?.Running is null ? status?.LastState?.Terminated : null);
        var started = status?.State?.Running?.StartedAt ?? ended?.StartedAt;
        if (status is null || started is null)
            return null;
        // The scheduler keeps a limit free where no request is stated; the API server writes it as the request, but for devices on old servers.
        var requests = container.Resources?.Requests;
        var gpus = Amounts.Gpus(requests);
        return new(
            container.Name ?? "", Amounts.Of(requests, "cpu"), Amounts.Of(requests, "memory"), gpus > 0 ? gpus : Amounts.Gpus(container.Resources?.Limits),
            started.Value, status.State?.Running is null ? ended?.FinishedAt : null, status.RestartCount)
        {
            KilledForMemory = (status.State?.Terminated ?? status.LastState?.Terminated) is { Reason: "OOMKilled" } killed ? killed.FinishedAt : null,
        };
    }
}
