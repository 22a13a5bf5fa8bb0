using System.Net;
using System.Text.Json.Nodes;
using Fleet.Integration.Tests.Observability.Budgets;
using Fleet.Integration.Tests.StateManager;
using Npgsql;

namespace Fleet.Integration.Tests.Observability;

/// <summary>PostgreSQL ends at once while costs are read from it, and comes back.</summary>
public sealed class LedgerRestartTests(BudgetEnvironment environment) : IClassFixture<BudgetEnvironment>
{
    /// <summary>Begins and ends within a day, so that hours are read as well as days.</summary>
    private const string Path = "/allocation?window=2026-10-01T07:00:00Z,2026-11-15T06:00:00Z&aggregate=cluster,namespace&includeIdle=true&accumulate=true";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Costs_that_were_half_read_are_an_error_and_never_a_part_or_nothing_and_then_all_of_them_again()
    {
        foreach (var cluster in (string[])["team-a/web", "team-b/other"])
            await environment.SpendAsync(cluster, new(2026, 10, 1), 45, _ => new Dictionary<string, double> { ["shop"] = 6, ["batch"] = 2 });
        var whole = await WholeAsync();
        // Two namespaces of two clusters, and what is idle.
        Assert.Equal(5, whole["data"]![0]!.AsObject().Count);

        // Each of what is read at the same time is the one that is not there yet, while the others are.
        foreach (var table in (string[])["cost_shares", "cost_assets", "cost_hours"])
        {
            await using var other = new NpgsqlConnection(environment.Database + ";Pooling=false");
            await other.OpenAsync(Cancel);
            await ExecuteAsync(other, $"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE");
            var asked = environment.Rest.GetAsync(Path, Cancel);
            await StateManagerEnvironment.EventuallyAsync(
                async () => (long)(await ExecuteAsync(other, "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'"))!, waiting => waiting > 0, $"a reader that waits for {table}");
            await environment.KillDatabaseAsync();
            await IsRefusedAsync(await asked);
            await IsRefusedAsync(await environment.Rest.GetAsync(Path, Cancel));

            await environment.StartDatabaseAsync();
            // Connections of before are dead; each is noticed once.
            await StateManagerEnvironment.EventuallyAsync(async () => (await environment.Rest.GetAsync(Path, Cancel)).StatusCode, code => code == HttpStatusCode.OK, "costs are read again");
            Assert.True(JsonNode.DeepEquals(whole, await WholeAsync()), table);
        }
    }

    private async Task<JsonObject> WholeAsync() => JsonNode.Parse(await environment.Rest.GetStringAsync(Path, Cancel))!.AsObject();

    private static async Task IsRefusedAsync(HttpResponseMessage answer)
    {
        var said = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, said);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("the ledger of costs does not answer", (string?)JsonNode.Parse(said)!["detail"]);
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancel);
    }
}
