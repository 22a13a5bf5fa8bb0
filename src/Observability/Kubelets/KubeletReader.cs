using System.Collections.Concurrent;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Clusters;
using Fleet.Observability.Collection;
using Fleet.Observability.Objects;

namespace Fleet.Observability.Kubelets;

/// <summary>
/// Asks the kubelets of a cluster, a few at a time. A node that does not answer costs its own figures and is named; the others are not held up. Whoever may
/// not ask is told so once, and no further node is asked in that look.
/// </summary>
internal sealed class KubeletReader(CollectionOptions options, TimeProvider clock) : IDisposable
{
    private const int NamedNodes = 3;

    /// <summary>Answers wait in memory: all clusters together have so many at once.</summary>
    private readonly SemaphoreSlim all = new(options.KubeletsAtOnce);

    /// <param name="clusterUid">Of the cluster.</param>
    /// <param name="ahead">How far its clock is ahead of ours, as far as that is known already.</param>
    public async Task<KubeletLook> ReadAsync(IKubelets cluster, string clusterUid, ClusterSnapshot seen, KubeletSource source, TimeSpan ahead, CancellationToken ct)
    {
        if (source == KubeletSource.None)
            return KubeletLook.None;
        var pods = new PodDirectory(seen.Pods.Select(pod => new ListedPod(pod.Uid, pod.Key, CreatedOf(pod))));
        var answers = new ConcurrentBag<Answer>();
        using var refused = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            await Parallel.ForEachAsync(
                seen.Nodes.Where(node => node.IsReady), new ParallelOptions { MaxDegreeOfParallelism = options.KubeletsOfClusterAtOnce, CancellationToken = refused.Token },
                async (node, stop) =>
                {
                    var answer = await AskAsync(cluster, clusterUid, node, pods, source, stop);
                    answers.Add(answer);
                    if (answer.IsForbidden)
                        await refused.CancelAsync();
                });
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Refused for one node is refused for all.
        }
        return Together([.. answers], seen.Nodes.Count(node => !node.IsReady), clock.GetUtcNow() + ahead);
    }

    public void Dispose() => all.Dispose();

    private async Task<Answer> AskAsync(IKubelets cluster, string clusterUid, NodeRow node, PodDirectory pods, KubeletSource source, CancellationToken ct)
    {
        await all.WaitAsync(ct);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(options.KubeletPatience);
            return source == KubeletSource.Summary
                ? await SummaryAsync(cluster, clusterUid, node, patience.Token)
                : await MetricsAsync(cluster, clusterUid, node, pods, patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(node.Name) { Problem = $"no answer within {options.KubeletPatience.TotalSeconds:0} s" };
        }
        catch (KubeApiException e)
        {
            return new(node.Name) { Problem = e.Message, IsForbidden = e.Code == 403 };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            // What the kubelet said is not repeated: it may hold anything.
            return new(node.Name)
            {
                Problem = e switch
                {
                    InvalidDataException => e.Message,
                    HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "its certificate is not trusted",
                    _ => "its connection broke off",
                },
            };
        }
        finally
        {
            all.Release();
        }
    }

    private async Task<Answer> SummaryAsync(IKubelets cluster, string clusterUid, NodeRow node, CancellationToken ct)
    {
        var (body, _) = await GetAsync(cluster, node, "stats/summary", ct);
        if (StatsSummaryParser.Parse(body) is not { } summary)
            return new(node.Name) { Problem = "its summary is none" };
        return new(node.Name)
        {
            Readings = SummaryReadings.Of(summary, clusterUid, node.Uid, clock.GetUtcNow()),
            Volumes = [.. summary.Pods.SelectMany(pod => pod.Volumes)],
            CutOff = summary.CutOff,
        };
    }

    private async Task<Answer> MetricsAsync(IKubelets cluster, string clusterUid, NodeRow node, PodDirectory pods, CancellationToken ct)
    {
        var (resource, isOpen) = await GetAsync(cluster, node, "metrics/resource", ct);
        var usage = ExpositionParser.Parse(resource.Span, isOpen, ResourceReadings.Wanted);
        (var network, isOpen) = await GetAsync(cluster, node, "metrics/cadvisor", ct);
        var traffic = ExpositionParser.Parse(network.Span, isOpen, NetworkReadings.Wanted);
        var (one, other) = (ResourceReadings.Of(usage, clusterUid, node.Uid, pods, clock.GetUtcNow()), NetworkReadings.Of(traffic, clusterUid, node.Uid, pods, clock.GetUtcNow()));
        return new(node.Name) { Readings = one with { Counters = [.. one.Counters, .. other.Counters] }, CutOff = usage.CutOff || traffic.CutOff };
    }

    private static async Task<(ReadOnlyMemory<byte> Body, bool IsOpenMetrics)> GetAsync(IKubelets cluster, NodeRow node, string path, CancellationToken ct)
    {
        using var response = await cluster.GetAsync(node, path, ct);
        await using var content = await response.Content.ReadAsStreamAsync(ct);
        await using var bounded = new BoundedStream(content, ExpositionLimits.Default.MostBytes);
        using var body = new MemoryStream();
        await bounded.CopyToAsync(body, ct);
        return (body.GetBuffer().AsMemory(0, (int)body.Length), ExpositionParser.IsOpenMetrics(response.Content.Headers.ContentType?.MediaType));
    }

    /// <summary>Pure.</summary>
    internal static KubeletLook Together(IReadOnlyList<Answer> answers, int notReady, DateTimeOffset clusterTime)
    {
        if (answers.FirstOrDefault(answer => answer.IsForbidden) is { } refused)
            return KubeletLook.None with { Problems = [$"kubelets may not be asked (through the API server nodes/proxy is needed, in the cluster nodes/metrics and nodes/stats): {refused.Problem}"] };
        var told = answers.Where(answer => answer.Readings is not null).ToList();
        var problems = new List<string>();
        Name("do not answer", answers.Where(answer => answer.Problem is not null).Select(answer => $"{answer.Node}: {answer.Problem}"));
        Name("told more than is read", told.Where(answer => answer.CutOff).Select(answer => answer.Node));
        Name("have a clock that is wrong", told.Where(answer => answer.Newest is { } newest && (newest - clusterTime).Duration() > TimeSpan.FromMinutes(2)).Select(answer => answer.Node));
        if (notReady > 0)
            problems.Add($"kubelets of {notReady} nodes are not asked: the nodes are not ready");
        return new()
        {
            Counters = [.. told.SelectMany(answer => answer.Readings!.Counters)],
            WorkingSets = Merged(told.SelectMany(answer => answer.Readings!.WorkingSets)),
            VolumesUsed = Merged(told.SelectMany(answer => answer.Volumes).Select(volume => KeyValuePair.Create(new ObjectKey(volume.Namespace, volume.Claim), volume.UsedBytes))),
            Problems = problems,
        };

        void Name(string what, IEnumerable<string> nodes)
        {
            var all = nodes.Order(StringComparer.Ordinal).ToList();
            if (all.Count > 0)
                problems.Add($"kubelets of {all.Count} of {answers.Count} nodes {what} ({string.Join("; ", all.Take(NamedNodes))}{(all.Count > NamedNodes ? "; …" : "")})");
        }
    }

    private static Dictionary<TKey, double> Merged<TKey>(IEnumerable<KeyValuePair<TKey, double>> pairs) where TKey : notnull
    {
        var merged = new Dictionary<TKey, double>();
        foreach (var (key, value) in pairs)
            merged[key] = value;
        return merged;
    }

    /// <summary>The earliest start of a container that is known: a container of the pod before it had the name started earlier.</summary>
    private static DateTimeOffset CreatedOf(PodRow pod) => pod.Containers.Count == 0 ? default : pod.Containers.Min(container => container.Started);

    /// <summary>What one kubelet said; without <see cref="Readings"/> why it said nothing.</summary>
    internal sealed record Answer(string Node)
    {
        public KubeletReadings? Readings { get; init; }

        public IReadOnlyList<SummaryVolume> Volumes { get; init; } = [];

        public string? Problem { get; init; }

        public bool IsForbidden { get; init; }

        public bool CutOff { get; init; }

        public DateTimeOffset? Newest => Readings is { Counters.Count: > 0 } readings ? readings.Counters.Max(counter => counter.Reading.Time) : null;
    }
}
