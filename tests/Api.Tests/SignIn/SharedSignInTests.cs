using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Rest.Problems;
using Fleet.Rest.SignIn;
using Fleet.Testing.Servers;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Api.Tests.SignIn;

/// <summary>Replicas of one service before one real PostgreSQL: each call of a sign-in comes to another of them.</summary>
public sealed class SharedSignInTests
{
    private static readonly SessionView Session = new() { Token = "canary.token.text", User = "oidc:canary@example.test", Expires = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero) };

    [Fact]
    public async Task A_sign_in_begins_at_one_replica_ends_at_another_and_a_third_gives_the_token()
    {
        await using var replicas = await SignInReplicas.StartAsync(await (await PrivatePostgres.SharedAsync()).NewDatabaseAsync(), 3);
        var (first, second, third) = (replicas.Browsers[0], replicas.Browsers[1], replicas.Browsers[2]);
        var back = await replicas.Provider.SignInAsync((await first.GetAsync("/api/v1/auth/login?return=/clusters")).Headers.Location!, "alice");
        using var ended = await second.GetAsync(back.PathAndQuery);
        Assert.Equal((HttpStatusCode.Redirect, "/clusters"), (ended.StatusCode, ended.Headers.Location!.OriginalString));
        await AssertNothingReadableAsync(replicas, "alice@example.test", "eyJ");
        // The reply was used, wherever it is sent again.
        await (await third.GetAsync(back.PathAndQuery)).ProblemAsync(401, "unauthenticated");
        await (await first.GetAsync(back.PathAndQuery)).ProblemAsync(401, "unauthenticated");

        // Asked of two at once, one has the token.
        var asked = await Task.WhenAll(third.PostAsync("/api/v1/auth/session", ("Sec-Fetch-Site", "same-origin")), first.PostAsync("/api/v1/auth/session", ("Sec-Fetch-Site", "same-origin")));
        var given = Assert.Single(asked, answer => answer.IsSuccessStatusCode);
        await Assert.Single(asked, answer => !answer.IsSuccessStatusCode).ProblemAsync(401, "unauthenticated");
        var session = JsonNode.Parse(await given.Content.ReadAsStringAsync())!;
        Assert.Equal("oidc:alice@example.test", (string?)session["user"]);
        using var known = await replicas.Hosts[1].Caller((string)session["token"]!).AskAsync("/whoami");
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
    }

    [Fact]
    public async Task While_the_database_is_away_nobody_is_told_that_they_did_something_wrong()
    {
        await using var postgres = await PrivatePostgres.StartAsync();
        await using var replicas = await SignInReplicas.StartAsync(await postgres.NewDatabaseAsync(), 2);
        var back = await replicas.Provider.SignInAsync((await replicas.Browsers[0].GetAsync("/api/v1/auth/login")).Headers.Location!, "alice");
        await postgres.KillAsync();
        await (await replicas.Browsers[1].GetAsync(back.PathAndQuery)).ProblemAsync(503, "sign-in-unavailable");
        await (await replicas.Browsers[1].GetAsync("/api/v1/auth/login")).ProblemAsync(503, "sign-in-unavailable");
        await (await replicas.Browsers[0].PostAsync("/api/v1/auth/session", ("Cookie", "fleet-signed-in=x"))).ProblemAsync(503, "sign-in-unavailable");
        await postgres.StartServerAsync();
        // The same reply once more, as a browser's reload sends it: nothing was used up.
        HttpResponseMessage ended = await replicas.Browsers[1].GetAsync(back.PathAndQuery);
        await Wait.UntilAsync(async () => ended.StatusCode != HttpStatusCode.ServiceUnavailable || (ended = await replicas.Browsers[1].GetAsync(back.PathAndQuery)).StatusCode != HttpStatusCode.ServiceUnavailable, "the database is back");
        Assert.Equal(HttpStatusCode.Redirect, ended.StatusCode);
    }

    [Fact]
    public async Task Of_many_who_take_it_at_two_replicas_one_has_it()
    {
        var database = await (await PrivatePostgres.SharedAsync()).NewDatabaseAsync();
        using var one = new PostgresSignIns(new Contexts(database));
        using var other = new PostgresSignIns(new Contexts(database));
        for (var round = 0; round < 5; round++)
        {
            var key = await new PendingSignIns(one).AddAsync(SignInSteps.Done, Session, default);
            Assert.Null(await new PendingSignIns(other).TakeAsync(SignInSteps.Done, key + "x", default));
            Assert.Null(await new PendingSignIns(other).TakeAsync(SignInSteps.Begun, key, default));
            var taken = await Task.WhenAll(Enumerable.Range(0, 12).Select(who => Task.Run(() => new PendingSignIns(who % 2 == 0 ? one : other).TakeAsync(SignInSteps.Done, key, default))));
            Assert.Equal(Session, Assert.Single(taken, found => found is not null));
        }
    }

    [Fact]
    public async Task What_is_over_is_not_given_and_goes_when_somebody_comes()
    {
        var database = await (await PrivatePostgres.SharedAsync()).NewDatabaseAsync();
        using var store = new PostgresSignIns(new Contexts(database));
        var pending = new PendingSignIns(store);
        var keys = new[] { await pending.AddAsync(SignInSteps.Begun, new("browser", "nonce", new("verifier"), "/"), default), await pending.AddAsync(SignInSteps.Begun, new("browser", "nonce", new("verifier"), "/"), default) };
        await AssertLastsAsync(database, SignInSteps.Begun.Lasts);
        await ExecuteAsync(database, "UPDATE pending_sign_ins SET until = now() - interval '1 microsecond'");
        Assert.Null(await pending.TakeAsync(SignInSteps.Begun, keys[0], default));
        Assert.NotNull(await pending.TakeAsync(SignInSteps.Done, await pending.AddAsync(SignInSteps.Done, Session, default), default));
        Assert.Equal(0L, await ExecuteAsync(database, "SELECT count(*) FROM pending_sign_ins"));
    }

    [Fact]
    public async Task No_more_wait_than_may_and_room_comes_when_they_are_over()
    {
        var database = await (await PrivatePostgres.SharedAsync()).NewDatabaseAsync();
        using var store = new PostgresSignIns(new Contexts(database));
        var pending = new PendingSignIns(store);
        await pending.AddAsync(SignInSteps.Done, Session, default);
        await ExecuteAsync(database, $"INSERT INTO pending_sign_ins SELECT sha256(n::text::bytea), '', now() + interval '1 hour' FROM generate_series(1, {PendingSignIns.Most - 1}) n");
        var refused = await Assert.ThrowsAsync<ProblemException>(() => pending.AddAsync(SignInSteps.Done, Session, default));
        Assert.Equal((429, 60), (refused.Kind.Status, refused.RetryAfter));
        await ExecuteAsync(database, "UPDATE pending_sign_ins SET until = now()");
        await pending.AddAsync(SignInSteps.Done, Session, default);
        Assert.Equal(PendingSignIns.Most - 1000 + 1L, await ExecuteAsync(database, "SELECT count(*) FROM pending_sign_ins"));
    }

    [Fact]
    public async Task The_table_tells_nothing_of_whom_it_holds()
    {
        await using var replicas = await SignInReplicas.StartAsync(await (await PrivatePostgres.SharedAsync()).NewDatabaseAsync(), 1);
        var begun = (await replicas.Browsers[0].GetAsync("/api/v1/auth/login?return=/clusters")).Headers;
        var state = System.Web.HttpUtility.ParseQueryString(begun.Location!.Query)["state"]!;
        var cookie = begun.GetValues("Set-Cookie").Single().Split('=', ';')[1];
        await AssertNothingReadableAsync(replicas, state, cookie, "/clusters", "Verifier");
    }

    private static async Task AssertNothingReadableAsync(SignInReplicas replicas, params string[] canaries)
    {
        await using var connection = new NpgsqlConnection(replicas.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT id, content, t::text FROM pending_sign_ins t", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0;
        for (; await reader.ReadAsync(); rows++)
            foreach (var canary in canaries)
            {
                Assert.DoesNotContain(canary, Encoding.Latin1.GetString([.. (byte[])reader[0], .. (byte[])reader[1]]), StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain(canary, reader.GetString(2), StringComparison.OrdinalIgnoreCase);
            }

        Assert.Equal(1, rows);
    }

    private static async Task AssertLastsAsync(string database, TimeSpan lasts)
    {
        var left = (TimeSpan)(await ExecuteAsync(database, "SELECT min(until) - now() FROM pending_sign_ins"))!;
        Assert.InRange(left, lasts / 2, lasts);
    }

    private static async Task<object?> ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private sealed class Contexts(string connection) : IDbContextFactory<SignInContext>
    {
        public SignInContext CreateDbContext() =>
            new(new DbContextOptionsBuilder<SignInContext>().UseNpgsql(connection, npgsql => npgsql.MigrationsHistoryTable(SignInContext.MigrationsTable)).Options);
    }
}
