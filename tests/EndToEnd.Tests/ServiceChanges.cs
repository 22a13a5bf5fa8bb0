using Fleet.EndToEnd.Tests.Faults;

namespace Fleet.EndToEnd.Tests;

/// <summary>Wants something else of every cluster's service again and again, each time when all have what was wanted before, and keeps what Helm has recorded of it.</summary>
internal sealed class ServiceChanges : IAsyncDisposable
{
    private readonly ReplicaFleet fleet;
    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource ending = new();
    private readonly Task work;

    // The first revision is of one pod: what was declared.
    private readonly List<int> wanted = [1];
    private readonly Dictionary<string, SortedDictionary<int, (int Revision, string Status, int Pods)>> seen;
    private volatile int begun;
    private volatile int done;

    public ServiceChanges(ReplicaFleet fleet)
    {
        this.fleet = fleet;
        seen = fleet.Clusters.ToDictionary(cluster => cluster, _ => new SortedDictionary<int, (int, string, int)>());
        work = RunAsync();
    }

    /// <summary>Until a change that has not begun yet is everywhere.</summary>
    public async Task AnotherAsync()
    {
        var before = begun;
        await FaultFleet.UntilAsync(() => work.IsCompleted || done > before, "another change is everywhere", 240);
        // It says what went wrong.
        if (work.IsCompleted)
            await work;
    }

    /// <summary>When this returns everything is as wanted, and nothing else is wanted until <see cref="GoOn"/>.</summary>
    public Task PauseAsync() => turn.WaitAsync(TestContext.Current.CancellationToken);

    public void GoOn() => turn.Release();

    /// <summary>After the change that is under way.</summary>
    public async Task EndAsync()
    {
        await ending.CancelAsync();
        await work;
    }

    /// <summary>Each change is one revision of each release, in the order in which they were wanted, and there is no other. While nothing is wanted.</summary>
    public async Task CheckAsync()
    {
        foreach (var cluster in fleet.Clusters)
        {
            await ReadAsync(cluster);
            var said = $"{cluster}: wanted {string.Join(", ", wanted)}; {string.Join(", ", seen[cluster].Values)}";
            Assert.True(seen[cluster].Keys.SequenceEqual(Enumerable.Range(1, wanted.Count)), said);
            Assert.True(seen[cluster].Values.Select(revision => revision.Pods).SequenceEqual(wanted), said);
            Assert.True(seen[cluster].Values.Last().Status == "deployed", said);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
        turn.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await turn.WaitAsync(ending.Token);
                try
                {
                    var pods = 1 + wanted.Count % 3;
                    begun++;
                    await fleet.WantAsync(pods);
                    await fleet.UntilTheyHaveAsync(pods);
                    wanted.Add(pods);
                    // Helm keeps the last few records only.
                    foreach (var cluster in fleet.Clusters)
                        await FaultFleet.UntilAsync(async () => (await ReadAsync(cluster)).Status == "deployed", $"helm is done in {cluster}", 120);
                    done = begun;
                }
                finally
                {
                    turn.Release();
                }
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Nothing else is wanted.
        }
    }

    private async Task<(int Revision, string Status, int Pods)> ReadAsync(string cluster)
    {
        foreach (var revision in await fleet.RevisionsAsync(cluster))
            seen[cluster][revision.Revision] = revision;
        return seen[cluster].Values.Last();
    }
}
