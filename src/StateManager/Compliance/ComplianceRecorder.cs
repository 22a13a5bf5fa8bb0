using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Compliance.Collection;
using Fleet.StateManager.Compliance.Exceptions;
using Fleet.StateManager.Compliance.Storage;
using Fleet.StateManager.MultiClusterServices;

namespace Fleet.StateManager.Compliance;

/// <summary>
/// Writes what has changed, a moment later and the latest state only: a database that is away costs nothing but figures that come late. Also notices what nothing tells: exceptions
/// that end, and clusters that left while nobody looked.
/// </summary>
internal sealed partial class ComplianceRecorder(
    PlacementWatches placement, ComplianceBook book, ComplianceExceptions exceptions, IComplianceStore store, ClusterRecording recording, IGrainDirectory directory,
    ComplianceOptions options, TimeProvider clock, ILogger<ComplianceRecorder> log) : BackgroundService
{
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(6);

    private DateTimeOffset looked;
    private DateTimeOffset confirmed;
    private DateTimeOffset forgotten;
    private volatile bool hasCompared;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Without the exceptions every finding would count.
        await placement.Clusters.WaitForSyncAsync(stoppingToken);
        await exceptions.Informer.WaitForSyncAsync(stoppingToken);
        using var clusters = placement.Clusters.Subscribe(change => book.Changed(change.Key));
        using var excepted = exceptions.Informer.Subscribe(change => ChangedIn(change.Key.Namespace));
        (looked, confirmed) = (clock.GetUtcNow(), clock.GetUtcNow());
        directory.Gained += LookAtAll;
        try
        {
            await RunAsync(stoppingToken);
        }
        finally
        {
            directory.Gained -= LookAtAll;
        }
    }

    /// <summary>What we own now may have left while nobody owned it, and changes while it was another's were not for us.</summary>
    private void LookAtAll()
    {
        hasCompared = false;
        foreach (var cluster in placement.Clusters.Keys)
            book.Changed(cluster);
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await book.WaitAsync(UntilNext(), clock, stoppingToken);
                await Task.Delay(options.Gather, clock, stoppingToken);
                await WriteAsync(stoppingToken);
            }
            catch (ComplianceStoreException error)
            {
                LogAway(options.Pause.TotalSeconds, error.InnerException!.GetType().Name);
                await Task.Delay(options.Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (GrainElsewhereException)
            {
                // Of those whose freshness was to be noted one is another's by now: the rest are noted in the next round.
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task WriteAsync(CancellationToken ct)
    {
        EndExceptions();
        if (!hasCompared)
            await CompareAsync(ct);
        var changed = new Queue<ObjectKey>(book.Take());
        while (changed.TryDequeue(out var key))
        {
            try
            {
                await recording.RecordAsync(key, ct);
            }
            catch (KubeApiException error)
            {
                LogUnsure(key.ToString(), error.Message);
                book.Changed(key);
            }
            catch (GrainElsewhereException)
            {
                // Its new owner writes.
            }
            catch (ComplianceStoreException)
            {
                // The first one's failure must not hide the others.
                foreach (var later in changed.Prepend(key))
                {
                    recording.See(later);
                    book.Changed(later);
                }
                throw;
            }
        }
        if (clock.GetUtcNow() - confirmed >= options.Heartbeat)
        {
            await recording.ConfirmAsync(ct);
            confirmed = clock.GetUtcNow();
        }
        if (clock.GetUtcNow() - forgotten >= ForgetEvery)
        {
            await store.ForgetAsync(ct);
            forgotten = clock.GetUtcNow();
        }
    }

    private async Task CompareAsync(CancellationToken ct)
    {
        // Before the question: what is gained meanwhile asks again.
        hasCompared = true;
        recording.Forget();
        try
        {
            foreach (var left in (await store.ClustersAsync(ct)).Where(key => !placement.Clusters.TryGet(key, out _)))
                book.Changed(left);
        }
        catch (ComplianceStoreException)
        {
            hasCompared = false;
            throw;
        }
    }

    /// <summary>Clusters of namespaces where an exception has ended since the last look are judged anew.</summary>
    private void EndExceptions()
    {
        var now = clock.GetUtcNow();
        foreach (var ended in exceptions.Informer.Items.Where(row => row.IsActive(looked) && !row.IsActive(now)).ToList())
            ChangedIn(ended.Key.Namespace);
        looked = now;
    }

    private TimeSpan UntilNext()
    {
        var now = clock.GetUtcNow();
        var next = exceptions.Informer.Items.Where(row => row.IsActive(looked)).Select(row => row.Spec.Expires - now).Append(confirmed + options.Heartbeat - now).Min();
        return next > TimeSpan.Zero ? next : TimeSpan.Zero;
    }

    private void ChangedIn(string @namespace)
    {
        foreach (var cluster in placement.Clusters.Keys.Where(key => key.Namespace == @namespace))
            book.Changed(cluster);
    }

    [LoggerMessage(6122, LogLevel.Warning, "The database of the compliance report does not answer ({Error}); tried again in {Seconds} s, the latest figures are written then")]
    private partial void LogAway(double seconds, string error);

    [LoggerMessage(6123, LogLevel.Warning, "Whether cluster {Cluster} has left the fleet can not be told now: {Error}")]
    private partial void LogUnsure(string cluster, string error);
}
