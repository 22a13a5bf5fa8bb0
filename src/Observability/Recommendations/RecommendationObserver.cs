using System.Collections.Concurrent;
using System.Data.Common;
using Fleet.Control.Grains;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Collection;
using Fleet.Observability.Recommendations.Advice;
using Fleet.Observability.Recommendations.Storage;
using Fleet.Observability.Recommendations.Surveys;
using Fleet.Observability.Recommendations.Usage;

namespace Fleet.Observability.Recommendations;

/// <summary>Keeps what each look shows of usage, and from time to time reads the cluster and advises about it.</summary>
internal sealed partial class RecommendationObserver(RecommendationStore store, UsageHistory history, TrafficHistory traffic, RecommendationOptions options, ILogger<RecommendationObserver> log) : ILookObserver
{
    /// <summary>Of one reading of a cluster, so that a slow one does not hold up its looks.</summary>
    private static readonly TimeSpan LongestSurvey = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, bool> pastFilled = new(StringComparer.Ordinal);

    public void PastFilled(string clusterUid) => pastFilled[clusterUid] = true;

    public async Task LookedAsync(ClusterLook look, CancellationToken ct)
    {
        var advice = look.Grain.Part(() => new ClusterAdvice());
        try
        {
            var book = await BookAsync(advice, look, ct);
            book.Look(look);
            if (look.Time - advice.Advised >= options.Every)
                await AdviseAsync(advice, book, look, ct);
            if (look.Time - advice.Saved >= options.SaveEvery)
            {
                await store.SaveUsageAsync(look.Grain.Ownership, look.ClusterUid, look.Time, UsageCheckpoint.Write(book), ct);
                advice.Saved = look.Time;
            }
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException)
        {
            // Usage goes on in memory; advice comes with a later look.
            LogStore(e.GetType().Name);
        }
    }

    public async Task GoneAsync(string clusterUid, GrainOwnership owner, CancellationToken ct)
    {
        try
        {
            await store.ForgetAsync(owner, clusterUid, ct);
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException)
        {
            // What is left is no longer shown after some days.
            LogStore(e.GetType().Name);
        }
    }

    private async Task<UsageBook> BookAsync(ClusterAdvice advice, ClusterLook look, CancellationToken ct)
    {
        var isFilled = pastFilled.ContainsKey(look.ClusterUid);
        if (advice.Book is { } known && advice.ClusterUid == look.ClusterUid && !isFilled)
            return known;
        // Histograms take samples in the order of time: a past that came after the first looks makes a new book, which lacks those few looks.
        var book = !isFilled && await store.UsageAsync(look.ClusterUid, ct) is { } kept ? UsageCheckpoint.Read(kept) : null;
        if (book is null)
        {
            book = new();
            await history.FillAsync(book, look.ClusterUid, look.Time - options.FilledFrom, look.Time, ct);
        }
        advice.Begin(look.ClusterUid, book, look.Time);
        if (isFilled)
        {
            advice.Saved = default;
            pastFilled.TryRemove(look.ClusterUid, out _);
        }
        return book;
    }

    private async Task AdviseAsync(ClusterAdvice advice, UsageBook book, ClusterLook look, CancellationToken ct)
    {
        // Whatever becomes of it, it is not tried again with the next look.
        advice.Advised = look.Time;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(LongestSurvey);
            var survey = look.Client is { } client ? await SurveyReader.ReadAsync(client, limit.Token) : LookSurvey.Of(look.Seen);
            book.Unused(UnusedAssets.Of(look.Seen, survey, look.Time));
            var found = ClusterAdvisor.Advise(new()
            {
                Cluster = look.Name, Seen = look.Seen, Survey = survey, Usage = book, Traffic = await traffic.ReadAsync(look.ClusterUid, look.Time - options.AbandonedAfter, look.Time, limit.Token), Prices = new(look.Prices, look.Seen.Nodes, look.Time), Now = look.Time, Options = options,
            });
            await store.ReplaceAsync(look.Grain.Ownership, look.ClusterUid, look.Name, found.Recommendations, found.Outlook.ToJsonString(), look.Time, ct, found.Gaps);
        }
        catch (KubeApiException e)
        {
            LogSurvey(look.Name, e.Message);
            await store.FailedAsync(look.Grain.Ownership, look.ClusterUid, look.Name, $"the cluster could not be read: {e.Message}", ct);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            LogSurvey(look.Name, "it took too long");
            await store.FailedAsync(look.Grain.Ownership, look.ClusterUid, look.Name, $"the cluster could not be read within {LongestSurvey.TotalSeconds:0} s", ct);
        }
    }

    [LoggerMessage(3601, LogLevel.Warning, "The database does not answer ({Error}); recommendations wait")]
    private partial void LogStore(string error);

    [LoggerMessage(3602, LogLevel.Information, "Nothing new is recommended for cluster {Cluster}: {Reason}")]
    private partial void LogSurvey(string cluster, string reason);
}
