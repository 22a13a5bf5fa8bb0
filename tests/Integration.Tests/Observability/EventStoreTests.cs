using Fleet.Observability.History;
using Fleet.Rest.Databases;
using Fleet.Testing.Servers;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Integration.Tests.Observability;

/// <summary>The event history on a real PostgreSQL.</summary>
public sealed class EventStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private PrivatePostgres postgres = null!;
    private EventStore store = null!;
    private Contexts contexts = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        postgres = await PrivatePostgres.StartAsync();
        contexts = new Contexts(postgres.ConnectionString);
        store = new EventStore(new(contexts));
    }

    public async ValueTask DisposeAsync() => await postgres.DisposeAsync();

    [Fact]
    public async Task Migrations_written_by_hand_make_the_model_and_may_run_again()
    {
        await (await new MigratedContexts<HistoryContext>(contexts).OpenAsync(Cancel)).DisposeAsync();
        await (await new MigratedContexts<HistoryContext>(contexts).OpenAsync(Cancel)).DisposeAsync();
        await using var context = contexts.CreateDbContext();
        Assert.False(context.Database.HasPendingModelChanges());
        // A query over every column fails when a hand-written table and the model disagree.
        Assert.Empty(await context.Events.ToListAsync(Cancel));
    }

    [Fact]
    public async Task The_same_event_again_moves_count_and_time_forward_only()
    {
        var uid = Guid.NewGuid();
        await store.SaveAsync([Row(uid, count: 3, Noon.AddMinutes(3))], Cancel);
        await store.SaveAsync([Row(uid, count: 1, Noon)], Cancel);
        var row = Assert.Single(await store.FindAsync("team", "web", Noon, 10, Cancel));
        Assert.Equal((3, Noon.AddMinutes(3)), (row.Count, row.LastSeen));
    }

    [Fact]
    public async Task A_batch_with_a_wrong_row_writes_nothing()
    {
        var wrong = Row(Guid.NewGuid(), 1, Noon, message: "a zero byte \0 is no text");
        await Assert.ThrowsAnyAsync<Exception>(() => store.SaveAsync([Row(Guid.NewGuid(), 1, Noon), wrong], Cancel));
        Assert.Empty(await store.FindAsync(null, null, Noon.AddDays(-1), 10, Cancel));
    }

    [Fact]
    public async Task The_newest_come_first_and_old_ones_are_forgotten()
    {
        await store.SaveAsync([Row(Guid.NewGuid(), 1, Noon.AddDays(-40)), Row(Guid.NewGuid(), 1, Noon), Row(Guid.NewGuid(), 1, Noon.AddHours(1))], Cancel);
        Assert.Equal(1, await store.ForgetAsync(Noon.AddDays(-30), Cancel));
        var rows = await store.FindAsync("team", null, Noon.AddDays(-60), 10, Cancel);
        Assert.Equal([Noon.AddHours(1), Noon], rows.Select(row => row.LastSeen));
    }

    private static EventRow Row(Guid uid, int count, DateTimeOffset last, string message = "Cluster is ready") => new()
    {
        Uid = uid, Namespace = "team", Kind = "ClusterDeployment", Name = "web", Type = "Normal", Reason = "Ready", Message = message,
        Count = count, FirstSeen = last, LastSeen = last,
    };

    private sealed class Contexts(string connection) : IDbContextFactory<HistoryContext>
    {
        public HistoryContext CreateDbContext() => new(new DbContextOptionsBuilder<HistoryContext>().UseNpgsql(connection).Options);
    }
}
