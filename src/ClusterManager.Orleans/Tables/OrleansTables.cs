using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Fleet.ClusterManager.Orleans.Tables;

/// <summary>
/// The tables of the silos, made and brought up to date before the first silo starts. Orleans' packages come without their SQL, and whoever installs
/// Fleet should not have to run scripts.
/// </summary>
internal sealed class OrleansTables(string database) : IHostedService
{
    // One number for this schema: several silos may start at once.
    private const long Lock = 7378413942531500546;

    private const string Schema = "orleans";

    /// <summary>The connection string for Orleans: the same database, where its one fixed name (OrleansQuery) is found in the schema.</summary>
    public static string ConnectionOf(string database) => new NpgsqlConnectionStringBuilder(database) { SearchPath = Schema }.ConnectionString;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var take = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection, transaction) { Parameters = { new() { Value = Lock } } };
        await take.ExecuteNonQueryAsync(cancellationToken);
        await using var make = new NpgsqlCommand(await ScriptAsync(cancellationToken), connection, transaction);
        await make.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task<string> ScriptAsync(CancellationToken ct)
    {
        using var reader = new StreamReader(typeof(OrleansTables).Assembly.GetManifestResourceStream("tables.sql")!);
        return await reader.ReadToEndAsync(ct);
    }
}
