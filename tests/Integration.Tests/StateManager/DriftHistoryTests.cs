using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Drift.History;
using Fleet.Testing.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>The history of drift in a real PostgreSQL.</summary>
public sealed class DriftHistoryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_drifted_while_the_database_was_away_is_written_when_it_is_back_and_old_rows_go()
    {
        await using var postgres = await PrivatePostgres.StartAsync();
        await using var services = new ServiceCollection()
            .AddDbContextFactory<DriftContext>(context => context.UseNpgsql(postgres.ConnectionString, npgsql => npgsql.MigrationsHistoryTable(DriftContext.MigrationsTable)))
            .BuildServiceProvider();
        var contexts = services.GetRequiredService<IDbContextFactory<DriftContext>>();
        await postgres.KillAsync();

        using (var history = History(contexts))
        {
            await history.StartAsync(Ct);
            history.Note(Entry("first", TimeSpan.Zero));
            history.Note(Entry("old", TimeSpan.FromDays(91)));
            await postgres.StartServerAsync();
            await StateManagerEnvironment.EventuallyAsync(() => NamesAsync(contexts), names => names is ["first", "old"], "written");
            var row = await (await contexts.CreateDbContextAsync(Ct)).Entries.SingleAsync(e => e.ObjectName == "first", Ct);
            Assert.Equal(
                ("team-a", "prod", "web", "v1", "ConfigMap", "apps", "kubectl-edit", "Corrected"),
                (row.Namespace, row.Cluster, row.Service, row.ApiVersion, row.Kind, row.ObjectNamespace, row.ChangedBy, row.Action));
            Assert.Equal(["data.color"], row.Fields);

            // What is noted last is written at the end.
            history.Note(Entry("last", TimeSpan.Zero));
            await history.StopAsync(Ct);
        }

        Assert.Equal(["first", "last", "old"], await NamesAsync(contexts));
        using var next = History(contexts);
        // Read before anything is written, newest first, of one service only.
        var found = await next.FindAsync(new("team-a", "prod"), new("apps", "web"), 2, Ct);
        Assert.Equal(["last", "first"], found!.Select(entry => entry.Object.Name));
        Assert.Equal((DriftAction.Corrected, "kubectl-edit", "ConfigMap"), (found![0].Action, found[0].ChangedBy, found[0].ObjectType.Kind));
        Assert.Empty((await next.FindAsync(new("team-a", "prod"), new("apps", "other"), 2, Ct))!);
        await next.StartAsync(Ct);
        next.Note(Entry("next", TimeSpan.Zero));
        await StateManagerEnvironment.EventuallyAsync(() => NamesAsync(contexts), names => names is ["first", "last", "next"], "the old one gone");
        await next.StopAsync(Ct);
        await postgres.KillAsync();
        await Assert.ThrowsAsync<DriftHistoryException>(() => next.FindAsync(new("team-a", "prod"), new("apps", "web"), 2, Ct));
    }

    private static PostgresDrift History(IDbContextFactory<DriftContext> contexts) =>
        new(contexts, new DriftHistoryOptions { Pause = TimeSpan.FromMilliseconds(50) }, TimeProvider.System, NullLogger<PostgresDrift>.Instance);

    private static async Task<List<string>> NamesAsync(IDbContextFactory<DriftContext> contexts)
    {
        try
        {
            await using var context = await contexts.CreateDbContextAsync(Ct);
            return await context.Entries.Select(e => e.ObjectName).OrderBy(n => n).ToListAsync(Ct);
        }
        catch (Exception error) when (error is System.Data.Common.DbException or InvalidOperationException)
        {
            return [];
        }
    }

    private static DriftEntry Entry(string name, TimeSpan ago) => new()
    {
        Time = TimeProvider.System.GetUtcNow() - ago,
        Namespace = "team-a",
        Cluster = "prod",
        ServiceSet = "prod",
        ServiceNamespace = "apps",
        Service = "web",
        ObjectType = new GroupVersionKind("", "v1", "ConfigMap"),
        Object = new ObjectKey("apps", name),
        IsMissing = false,
        Fields = ["data.color"],
        ChangedBy = "kubectl-edit",
        ChangedAt = TimeProvider.System.GetUtcNow(),
        Action = DriftAction.Corrected,
    };
}
