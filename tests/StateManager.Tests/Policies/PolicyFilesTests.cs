using Fleet.Contracts.Templates;
using Fleet.Control.Grains;
using Fleet.Control.Templates;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Policies;
using Fleet.StateManager.Services;
using Fleet.Testing.Time;

namespace Fleet.StateManager.Tests.Policies;

/// <summary>When a source of policies is asked anew; nothing here asks a management cluster.</summary>
public sealed class PolicyFilesTests : IAsyncDisposable
{
    private static readonly ObjectKey Key = new("team", "policies");
    private static readonly SourceSpec Spec = new() { LocalSourceRef = new() { Kind = "GitRepository", Name = "policies" } };

    private readonly ManualTimeProvider clock = new(new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly Source source = new();
    private readonly Replica replica = new();
    private readonly KubernetesClient client = KubernetesClient.Create(new ClusterEndpoint { Server = new("https://nowhere.invalid") });
    private readonly SourceWatches watches;
    private readonly PolicyFiles files;

    public PolicyFilesTests()
    {
        watches = new(client, clock);
        files = new(source, watches, replica, clock);
    }

    [Fact]
    public async Task A_source_is_asked_once_in_its_interval_and_anew_when_clusters_have_come_from_another_replica()
    {
        Assert.Equal("r1", await RevisionAsync());
        source.Revision = "r2";
        Assert.Equal("r1", await RevisionAsync());
        // Another replica may have given r2 to what is ours now.
        replica.Gain();
        Assert.Equal("r2", await RevisionAsync());
        Assert.Equal("r2", await RevisionAsync());
        Assert.Equal(2, source.Asked);
        source.Revision = "r3";
        clock.Advance(source.Interval);
        Assert.Equal("r3", await RevisionAsync());
    }

    [Fact]
    public async Task A_source_that_is_away_when_clusters_come_is_not_asked_at_every_turn()
    {
        Assert.Equal("r1", await RevisionAsync());
        source.IsAway = true;
        replica.Gain();
        for (var turn = 0; turn < 3; turn++)
            await Assert.ThrowsAsync<TemplateChartException>(RevisionAsync);
        Assert.Equal(2, source.Asked);
        (source.IsAway, source.Revision) = (false, "r2");
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("r2", await RevisionAsync());
    }

    public async ValueTask DisposeAsync()
    {
        files.Dispose();
        await watches.DisposeAsync();
        client.Dispose();
    }

    private async Task<string> RevisionAsync() => (await files.FetchAsync(Spec, Key, "1", default)).Files.Revision;

    private sealed class Source : ISourceFiles
    {
        public TimeSpan Interval { get; } = TimeSpan.FromMinutes(5);

        public string Revision { get; set; } = "r1";

        public bool IsAway { get; set; }

        public int Asked { get; private set; }

        public Task<SourceFiles> FetchAsync(SourceSpec source, ObjectKey template, SourcePin? pin, CancellationToken ct)
        {
            if (pin is null)
                Asked++;
            if (pin is null && IsAway)
                throw new TemplateChartException("away", true);
            var revision = pin?.Revision ?? Revision;
            return Task.FromResult(new SourceFiles { Kind = "GitRepository", Key = template, Files = new NoFiles(), Revision = revision, Digest = revision });
        }

        public Task<TimeSpan?> IntervalAsync(SourceSpec source, ObjectKey template, CancellationToken ct) => Task.FromResult<TimeSpan?>(Interval);
    }

    private sealed class NoFiles : FileTree
    {
        public override IReadOnlyList<string> Below(string folder) => [];

        public override bool HasFile(string path) => false;

        public override byte[]? Read(string path) => null;
    }

    private sealed class Replica : IGrainDirectory
    {
        public event Action? Gained;

        public void Gain() => Gained?.Invoke();

        public ValueTask<long?> TryOwnAsync(GrainId grain, CancellationToken ct) => ValueTask.FromResult<long?>(1);

        public bool IsCurrent(GrainId grain, long epoch) => true;

        public ValueTask ReleaseAsync(GrainId grain, long epoch) => ValueTask.CompletedTask;
    }
}
