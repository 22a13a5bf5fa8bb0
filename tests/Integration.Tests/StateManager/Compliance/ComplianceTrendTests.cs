using System.Globalization;
using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;
using Fleet.Rest.Databases;
using Fleet.StateManager.Compliance;
using Fleet.StateManager.Compliance.Findings;
using Fleet.StateManager.Compliance.Storage;
using Fleet.Testing.Servers;
using Fleet.Testing.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Integration.Tests.StateManager.Compliance;

/// <summary>The report in a real PostgreSQL over days.</summary>
public sealed class ComplianceTrendTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Figures_of_days_are_kept_as_changes_and_come_back_as_days()
    {
        await using var stage = await Stage.StartAsync();
        await stage.SaveAsync("prod", ("labels", "shop", 5), ("labels", "ops", 1), ("tags", "shop", 2));
        await stage.SaveAsync("test", ("labels", "shop", 1));
        stage.Clock.Advance(TimeSpan.FromDays(1));
        // Nothing changes; a second writer that does not know what the first wrote changes nothing either.
        await stage.SaveAsync("prod", ("labels", "shop", 5), ("labels", "ops", 1), ("tags", "shop", 2));
        stage.Clock.Advance(TimeSpan.FromDays(1));
        await stage.SaveAsync("prod", ("labels", "shop", 9));
        await stage.SaveAsync("prod", ("labels", "shop", 3), ("tags", "shop", 2));
        stage.Clock.Advance(TimeSpan.FromDays(2));
        await stage.Store.CloseAsync(new("team-a", "test"), Ct);

        Assert.Equal("1:9 3:6 5:5", await stage.TrendAsync(new(), 10));
        // What was before the first day that is asked for counts on it.
        Assert.Equal("2:9 3:6 5:5", await stage.TrendAsync(new(), 4));
        Assert.Equal("5:5", await stage.TrendAsync(new(), 1));
        Assert.Equal("1:8 3:5", await stage.TrendAsync(new() { Cluster = "prod" }, 10));
        Assert.Equal("1:6 3:3", await stage.TrendAsync(new() { Cluster = "prod", Policy = "labels" }, 10));
        Assert.Equal("1:1 3:0", await stage.TrendAsync(new() { TargetNamespace = "ops" }, 10));
        Assert.Equal("1:1 5:0", await stage.TrendAsync(new() { Cluster = "test" }, 10));
        Assert.Equal("", await stage.TrendAsync(new() { Among = ["team-b"] }, 10));
        Assert.Equal("1:9 3:6 5:5", await stage.TrendAsync(new() { Among = ["team-a"] }, 10));
        Assert.Equal(["prod"], (await stage.Store.ClustersAsync(Ct)).Select(key => key.Name));
    }

    [Fact]
    public async Task What_is_older_than_the_trend_goes_but_not_what_still_holds()
    {
        await using var stage = await Stage.StartAsync();
        await stage.SaveAsync("prod", ("labels", "shop", 5), ("steady", "shop", 7));
        stage.Clock.Advance(TimeSpan.FromDays(1));
        await stage.SaveAsync("prod", ("labels", "shop", 4), ("steady", "shop", 7));
        stage.Clock.Advance(TimeSpan.FromDays(1));
        await stage.SaveAsync("prod", ("steady", "shop", 7));
        Assert.Equal(4, await stage.RowsAsync());
        stage.Clock.Advance(TimeSpan.FromDays(400));
        await stage.Store.ForgetAsync(Ct);
        Assert.Equal(1, await stage.RowsAsync());
        Assert.Equal("399:7", await stage.TrendAsync(new(), 5));
    }

    [Fact]
    public async Task What_was_written_is_read_back_as_it_was_and_touching_keeps_it()
    {
        await using var stage = await Stage.StartAsync();
        Assert.Null(await stage.Store.LoadAsync(new("team-a", "prod"), Ct));
        await stage.SaveAsync("prod", ("labels", "shop", 5), ("labels", "", 2));
        var loaded = await stage.Store.LoadAsync(new("team-a", "prod"), Ct);
        Assert.Equal(Stage.Report(("labels", "shop", 5), ("labels", "", 2)), loaded);
        var started = stage.Clock.GetUtcNow();
        stage.Clock.Advance(TimeSpan.FromMinutes(1));
        await stage.Store.TouchAsync([new(new("team-a", "prod"), null, "away"), new(new("team-a", "new"), null, "not connected yet"), new(new("team-a", "fresh"), stage.Clock.GetUtcNow(), null)], Ct);
        Assert.Equal(["new null not connected yet", $"prod {started:u} away"], await stage.ClustersAsync());
        Assert.Null(await stage.Store.LoadAsync(new("team-a", "new"), Ct));
        await stage.Store.TouchAsync([new(new("team-a", "prod"), stage.Clock.GetUtcNow(), null)], Ct);
        Assert.Equal(["new null not connected yet", $"prod {stage.Clock.GetUtcNow():u} "], await stage.ClustersAsync());
        Assert.Equal(loaded, await stage.Store.LoadAsync(new("team-a", "prod"), Ct));
    }

    [Fact]
    public async Task What_a_former_owner_writes_of_a_cluster_is_refused_by_the_database()
    {
        await using var stage = await Stage.StartAsync();
        var (former, present) = (stage.StoreOf(7), stage.StoreOf(9));
        var (prod, test) = (new ObjectKey("team-a", "prod"), new ObjectKey("team-a", "test"));
        await former.SaveAsync(new(prod, stage.Clock.GetUtcNow(), null), null, Stage.Report(("labels", "shop", 5)), Ct);
        await present.SaveAsync(new(prod, stage.Clock.GetUtcNow(), null), null, Stage.Report(("labels", "shop", 2)), Ct);
        await Assert.ThrowsAsync<GrainElsewhereException>(() => former.SaveAsync(new(prod, stage.Clock.GetUtcNow(), null), null, Stage.Report(("labels", "shop", 5)), Ct));
        await Assert.ThrowsAsync<GrainElsewhereException>(() => former.CloseAsync(prod, Ct));
        await Assert.ThrowsAsync<GrainElsewhereException>(() => former.TouchAsync([new(test, null, "away"), new(prod, null, "away")], Ct));
        Assert.Equal(2, (await present.LoadAsync(prod, Ct))!.Total.Fail);
        Assert.Equal([prod], await present.ClustersAsync(Ct));
    }

    /// <summary>Believes that it owns every cluster, under this epoch.</summary>
    private sealed class Owner(long epoch) : IGrainDirectory
    {
        public ValueTask<long?> TryOwnAsync(GrainId grain, CancellationToken ct) => ValueTask.FromResult<long?>(epoch);

        public bool IsCurrent(GrainId grain, long epoch) => true;

        public ValueTask ReleaseAsync(GrainId grain, long epoch) => ValueTask.CompletedTask;
    }

    private sealed class Stage(PrivatePostgres postgres, ServiceProvider services) : IAsyncDisposable
    {
        private MigratedContexts<ComplianceContext> Contexts => services.GetRequiredService<MigratedContexts<ComplianceContext>>();

        public ManualTimeProvider Clock { get; } = new(DateTimeOffset.Parse("2026-11-01T10:00:00Z", CultureInfo.InvariantCulture));

        public PostgresCompliance Store => field ??= StoreOf(1);

        public PostgresCompliance StoreOf(long epoch) => new(Contexts, new ComplianceOptions(), new Owner(epoch), Clock);

        public static async Task<Stage> StartAsync()
        {
            var postgres = await PrivatePostgres.StartAsync();
            return new(postgres, new ServiceCollection()
                .AddDbContextFactory<ComplianceContext>(context => context.UseNpgsql(postgres.ConnectionString, npgsql => npgsql.MigrationsHistoryTable(ComplianceContext.MigrationsTable)))
                .AddSingleton<MigratedContexts<ComplianceContext>>()
                .BuildServiceProvider());
        }

        public static ClusterCompliance Report(params (string Policy, string Namespace, int Fail)[] rows)
        {
            var gathered = new FindingGathering();
            foreach (var (policy, @namespace, fail) in rows)
                for (var i = 0; i < fail; i++)
                    gathered.Add(new Finding { Key = new("kyverno", policy, @namespace), Result = FindingResult.Fail, Kind = "Pod", Name = $"x{i}", Message = "m" });
            return ClusterCompliance.Of(ClusterFindings.Of(["policyreports.wgpolicyk8s.io"], [gathered.Result()]), []);
        }

        public Task SaveAsync(string cluster, params (string Policy, string Namespace, int Fail)[] rows) =>
            Store.SaveAsync(new(new("team-a", cluster), Clock.GetUtcNow(), null), null, Report(rows), Ct);

        /// <summary>Day of the test and failures.</summary>
        public async Task<string> TrendAsync(ComplianceFilter filter, int days)
        {
            var today = DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime);
            var found = await new ComplianceQueries(Contexts).TrendAsync(filter, today.AddDays(1 - days), today, Ct);
            return string.Join(' ', found.Select(day => $"{day.Day.DayNumber - new DateOnly(2026, 11, 1).DayNumber + 1}:{day.Fail}"));
        }

        public async Task<int> RowsAsync()
        {
            await using var context = await Contexts.OpenAsync(Ct);
            return await context.Trend.CountAsync(Ct);
        }

        public async Task<List<string>> ClustersAsync()
        {
            await using var context = await Contexts.OpenAsync(Ct);
            return [.. (await context.Clusters.OrderBy(row => row.Cluster).ToListAsync(Ct)).Select(row => $"{row.Cluster} {row.ObservedAt?.ToString("u", CultureInfo.InvariantCulture) ?? "null"} {row.Problem}")];
        }

        public async ValueTask DisposeAsync()
        {
            await services.DisposeAsync();
            await postgres.DisposeAsync();
        }
    }
}
