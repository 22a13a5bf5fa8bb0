using System.Text;
using System.Text.Json.Nodes;
using Fleet.Control.Audit;
using Fleet.Rest.Audit;
using Fleet.Testing.Servers;
using Fleet.Testing.Time;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Api.Tests;

/// <summary>The chain of the audit in a real PostgreSQL: what it finds, what it refuses, and what it survives.</summary>
public sealed class AuditChainTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, string, string> Frauds => new()
    {
        { "changed", "UPDATE audit SET user_name = 'joe' WHERE sequence = 4", "changed 4" },
        { "groups changed", "UPDATE audit SET user_groups = ARRAY['ab'] WHERE sequence = 4", "changed 4" },
        { "outcome changed with its hash", "UPDATE audit SET outcome = 'Refused', hash = repeat('a', 64) WHERE sequence = 4", "changed 4, broken 5" },
        { "deleted", "DELETE FROM audit WHERE sequence = 4", "missing 5" },
        { "deleted at the end", "DELETE FROM audit WHERE sequence >= 7", "head 8" },
        { "deleted at the beginning", "DELETE FROM audit WHERE sequence = 1", "missing 2" },
        { "re-ordered", "UPDATE audit SET sequence = 100 WHERE sequence = 4; UPDATE audit SET sequence = 4 WHERE sequence = 5; UPDATE audit SET sequence = 5 WHERE sequence = 100", "broken 4, changed 4, broken 5, changed 5, broken 6" },
        { "inserted", "INSERT INTO audit SELECT 4, recorded + interval '1 microsecond', previous_hash, hash, gen_random_uuid(), time, 'joe', user_uid, user_groups, source, verb, resource, namespace, name, dry_run, before_hash, after_hash, outcome, status, detail FROM audit WHERE sequence = 4", "repeated 4" },
        { "added at the end", "INSERT INTO audit SELECT 9, recorded, hash, repeat('b', 64), gen_random_uuid(), time, 'joe', user_uid, user_groups, source, verb, resource, namespace, name, dry_run, before_hash, after_hash, outcome, status, detail FROM audit WHERE sequence = 8", "changed 9, head 8" },
    };

    [Theory, MemberData(nameof(Frauds))]
    public async Task What_was_done_to_rows_behind_the_back_of_the_database_is_found_and_named(string fraud, string sql, string found)
    {
        Assert.NotEmpty(fraud);
        var database = await NewDatabaseAsync();
        using (var store = Store(database))
            for (var number = 0; number < 8; number++)
                await store.SaveAsync([Entry(AuditOutcome.Succeeded) with { Name = $"cluster-{number}" }], default);
        using (var honest = Store(database))
            Assert.Empty((await VerifyAsync(honest)).Findings);
        await ExecuteAsync(database, $"SET session_replication_role = replica; {sql}");
        using var changed = Store(database);
        var verified = await VerifyAsync(changed);
        Assert.Equal(found, string.Join(", ", verified.Findings.Select(finding => $"{finding.Kind} {finding.Sequence}")));
    }

    [Theory]
    [InlineData("UPDATE audit SET user_name = 'joe'"), InlineData("DELETE FROM audit"), InlineData("TRUNCATE audit"), InlineData("UPDATE audit_2026_11 SET detail = ''"), InlineData("DELETE FROM audit_2026_11 WHERE sequence = 1")]
    [InlineData("TRUNCATE audit_2026_11"), InlineData("DELETE FROM audit_seals"), InlineData("INSERT INTO audit SELECT * FROM audit ON CONFLICT (sequence, recorded) DO UPDATE SET verb = 'get'")]
    public async Task The_database_takes_new_rows_and_nothing_else(string sql)
    {
        var database = await NewDatabaseAsync();
        using var store = Store(database);
        await store.SaveAsync([Entry(AuditOutcome.Succeeded)], default);
        await ExecuteAsync(database, "INSERT INTO audit_seals VALUES ('audit_2020_01', 0, 0, '', now())");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(database, sql));
        Assert.Equal("42501", refused.SqlState);
    }

    [Fact]
    public async Task Many_writers_of_two_processes_make_one_chain_and_a_repeated_call_adds_nothing()
    {
        var database = await NewDatabaseAsync();
        using var one = Store(database);
        using var other = Store(database);
        await one.SaveAsync([Entry(AuditOutcome.Started)], default);
        var entries = Enumerable.Range(0, 300).Select(number => Entry(AuditOutcome.Started) with { Name = $"cluster-{number}" }).ToList();
        await Parallel.ForEachAsync(entries, new ParallelOptions { MaxDegreeOfParallelism = 40 }, async (entry, ct) =>
        {
            var store = entry.Name!.Length % 2 == 0 ? one : other;
            await store.SaveAsync([entry], ct);
            await store.SaveAsync([entry with { Outcome = AuditOutcome.Succeeded, Status = 200 }], ct);
            // An attempt that was thought to have failed, and one that comes too late.
            await (store == one ? other : one).SaveAsync([entry, entry with { Outcome = AuditOutcome.Failed }], ct);
        });
        var verified = await VerifyAsync(one);
        Assert.Empty(verified.Findings);
        Assert.Equal(601, verified.Rows);
        var found = (await other.FindAsync(new() { Limit = 1000, Outcome = AuditOutcome.Succeeded }, default))!;
        Assert.Equal(300, found.Count);
        Assert.Single((await other.FindAsync(new() { Limit = 1000, Outcome = AuditOutcome.Started }, default))!);
    }

    [Fact]
    public async Task The_end_of_a_call_follows_its_beginning_and_never_the_other_way_round()
    {
        var database = await NewDatabaseAsync();
        using var store = Store(database);
        var begun = Entry(AuditOutcome.Started);
        await store.SaveAsync([begun], default);
        await store.SaveAsync([begun with { Outcome = AuditOutcome.Succeeded, Status = 200, After = "b" }], default);
        await store.SaveAsync([begun, begun with { Outcome = AuditOutcome.Failed }], default);
        var kept = Assert.Single((await store.FindAsync(new() { Limit = 10 }, default))!);
        Assert.Equal((AuditOutcome.Succeeded, "a", "b"), (kept.Outcome, kept.Before, kept.After));
        Assert.Equal(2, (await VerifyAsync(store)).Rows);
        await using var context = new Contexts(database).CreateDbContext();
        Assert.False(context.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task What_no_database_can_keep_is_put_down_so_that_it_can_and_holds_nobody_up()
    {
        using var store = Store(await NewDatabaseAsync());
        await store.SaveAsync([Entry(AuditOutcome.Succeeded) with { Name = "a\0b", Namespace = "half \ud83e", User = new string('u', 10_000), Groups = ["\0"], Detail = "\udd93", Verb = "🦓" }], default);
        var kept = Assert.Single((await store.FindAsync(new() { Limit = 10 }, default))!);
        Assert.Equal(("a\ufffdb", "half \ufffd", "\ufffd", "🦓"), (kept.Name, kept.Namespace, kept.Detail, kept.Verb));
        Assert.Equal(4000, kept.User.Length);
        Assert.Empty((await VerifyAsync(store)).Findings);
    }

    [Fact]
    public async Task A_month_that_is_over_goes_as_a_whole_and_the_chain_goes_on_from_its_last_row()
    {
        var database = await NewDatabaseAsync();
        var clock = new ManualTimeProvider(Noon);
        using var store = Store(database, clock);
        for (var month = 0; month < 3; month++)
        {
            for (var number = 0; number < 3; number++)
                await store.SaveAsync([Entry(AuditOutcome.Succeeded)], default);
            clock.Advance(TimeSpan.FromDays(31));
        }

        var early = await VerifyAsync(store);
        Assert.Equal(0, await store.ForgetAsync(new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero), default));
        Assert.Equal(6, await store.ForgetAsync(new(2027, 1, 15, 0, 0, 0, TimeSpan.Zero), default));
        var verified = await VerifyAsync(store);
        Assert.Empty(verified.Findings);
        // What is left of the rows, and one for each month that says that it went.
        Assert.Equal((6, 5, 11), (verified.After.Sequence, verified.Rows, verified.Head.Sequence));
        Assert.Equal(2, (await store.FindAsync(new() { Limit = 10, User = "fleet", Verb = "delete" }, default))!.Count);
        // Who has kept an earlier head knows that this is the same chain: from there it goes on.
        var text = await ExportAsync(store, early.Head);
        Assert.Empty((await AuditLines.VerifyAsync(new StringReader(text), early.Head, default)).Findings);
        // Even where everything is old the end stays.
        Assert.Equal(3, await store.ForgetAsync(new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero), default));
        Assert.Equal(0, await store.ForgetAsync(new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero), default));
    }

    [Fact]
    public async Task Rows_of_before_the_chain_are_added_to_it_in_their_order()
    {
        var database = await NewDatabaseAsync();
        using var store = Store(database);
        await store.SaveAsync([Entry(AuditOutcome.Succeeded)], default);
        await ExecuteAsync(database,
            """
            INSERT INTO audit_unchained (request_id, time, user_name, user_groups, verb, resource, dry_run, outcome)
            SELECT gen_random_uuid(), timestamptz '2026-01-01Z' + number * interval '1 minute', 'old', '{}', 'get', number::text, false, 'Succeeded' FROM generate_series(1, 1203) AS number
            """);
        await store.ForgetAsync(DateTimeOffset.MinValue.AddYears(2000), default);
        var old = (await store.FindAsync(new() { Limit = 2000, User = "old" }, default))!;
        Assert.Equal(Enumerable.Range(1, 1203).Reverse().Select(number => $"{number}"), old.Select(entry => entry.Resource));
        Assert.Empty((await VerifyAsync(store)).Findings);
        await store.ForgetAsync(DateTimeOffset.MinValue.AddYears(2000), default);
        Assert.Equal(1204, (await VerifyAsync(store)).Rows);
    }

    [Fact]
    public async Task A_file_that_was_cut_off_or_made_anew_is_told()
    {
        using var store = Store(await NewDatabaseAsync());
        for (var number = 0; number < 4; number++)
            await store.SaveAsync([Entry(AuditOutcome.Succeeded)], default);
        var lines = (await ExportAsync(store, null)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        async Task<string> OfAsync(IEnumerable<string> file, AuditPlace? expected = null) =>
            string.Join(", ", (await AuditLines.VerifyAsync(new StringReader(string.Join('\n', file)), expected, default)).Findings.Select(finding => $"{finding.Kind} {finding.Sequence}"));
        Assert.Equal("", await OfAsync(lines));
        Assert.Equal("missing 4", await OfAsync(lines[..^1]));
        Assert.Equal("missing 3", await OfAsync([.. lines[..2], .. lines[3..]]));
        Assert.Equal("head 2", await OfAsync(lines, new(2, new string('0', 64))));
        await Assert.ThrowsAsync<FormatException>(() => OfAsync(["{}", .. lines[1..]]));
        await Assert.ThrowsAsync<FormatException>(() => OfAsync([.. lines[..2], "{", .. lines[2..]]));
    }

    [Fact]
    public async Task Writes_of_the_api_are_in_the_export_with_their_beginning_and_their_end()
    {
        await using var host = await ApiHost.StartAsync("embedded", audit: new() { Database = await NewDatabaseAsync() });
        await host.ClusterAsync("a");
        var admin = await host.AdminAsync();
        using var patched = await admin.PatchAsync($"/clusters/{host.Namespace}/a", """{"spec":{"config":{"password":"canaryword"}}}""", ("If-Match", "*"));
        patched.EnsureSuccessStatusCode();
        using var answer = await admin.AskAsync("/audit/export");
        Assert.Equal(AuditLines.MediaType, answer.Content.Headers.ContentType!.MediaType);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Empty((await AuditLines.VerifyAsync(new StringReader(text), null, default)).Findings);
        var calls = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!["row"]?["call"])
            .Where(call => (string?)call?["requestId"] == patched.Headers.GetValues("X-Request-Id").Single()).Select(call => (string?)call!["outcome"]);
        Assert.Equal(["Started", "Succeeded"], calls);
        Assert.DoesNotContain("canaryword", text, StringComparison.Ordinal);
        var auditor = await host.CallerAsync("auditor", Rules.ReadAudit);
        await (await auditor.AskAsync("/audit/export")).ProblemAsync(403, "forbidden");
        await (await admin.AskAsync("/audit/export?after=x")).ProblemAsync(400, "invalid-request");
        await (await admin.AskAsync($"/audit/export?after=999:{new string('0', 64)}")).ProblemAsync(400, "invalid-request");
    }

    private static async Task<string> NewDatabaseAsync() => await (await PrivatePostgres.SharedAsync()).NewDatabaseAsync();

    private static PostgresAudit Store(string database, TimeProvider? clock = null) => new(new Contexts(database), clock ?? new ManualTimeProvider(Noon));

    private static async Task<AuditVerification> VerifyAsync(PostgresAudit store) => await AuditLines.VerifyAsync(new StringReader(await ExportAsync(store, null)), null, default);

    private static async Task<string> ExportAsync(PostgresAudit store, AuditPlace? after)
    {
        await using var export = (await store.ExportAsync(after, default))!;
        var text = new StringBuilder().Append(AuditLines.Begin(export.After)).Append('\n');
        await foreach (var record in export.Rows)
            text.Append(AuditLines.Row(record)).Append('\n');
        return text.Append(AuditLines.End(export.Head)).Append('\n').ToString();
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static AuditEntry Entry(AuditOutcome outcome) => new()
    {
        RequestId = Guid.NewGuid(),
        Time = Noon,
        User = "jane",
        Groups = ["a", "b"],
        Verb = "patch",
        Resource = "clusterdeployments",
        Before = "a",
        Outcome = outcome,
    };

    private sealed class Contexts(string connection) : IDbContextFactory<AuditContext>
    {
        public AuditContext CreateDbContext() =>
            new(new DbContextOptionsBuilder<AuditContext>().UseNpgsql(connection, npgsql => npgsql.MigrationsHistoryTable(AuditContext.MigrationsTable)).Options);
    }
}
