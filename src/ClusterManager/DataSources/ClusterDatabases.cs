using Npgsql;

namespace Fleet.ClusterManager.DataSources;

/// <summary>
/// Makes and drops databases of clusters. Every statement may be repeated: the role comes first, with its mark in one transaction; that it owns the database
/// says that the database is Fleet's, too.
/// </summary>
internal static class ClusterDatabases
{
    /// <param name="server">Where it is to be.</param>
    /// <param name="database">What is to be there.</param>
    /// <param name="password">Of the role.</param>
    /// <param name="mayCreate">False when the cluster has written into it already: an empty one would look like the loss of everything.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task EnsureAsync(ServerAccess server, ClusterDatabase database, string password, bool mayCreate, CancellationToken ct)
    {
        await DatabaseServers.WithAsync(server, DatabaseLogin.Administrator(server), async connection =>
        {
            if (!mayCreate && await OwnerOfAsync(connection, database.Name, ct) is null)
                throw new DatabaseException($"{server}: there is no database {database.Name}, which held the state of the cluster; no empty one is made in its place");
            await EnsureRoleAsync(connection, database, password, ct);
            await EnsureDatabaseAsync(connection, database, ct);
        }, ct);
        await CheckAsync(server, database, password, ct);
    }

    /// <summary>Whether the cluster can sign in.</summary>
    public static Task CheckAsync(ServerAccess server, ClusterDatabase database, string password, CancellationToken ct) =>
        DatabaseServers.WithAsync(server, new(database.Name, password, database.Name), connection => RunAsync(connection, "SELECT 1", ct), ct);

    /// <summary>Leaves everything that does not bear the mark.</summary>
    public static Task DropAsync(ServerAccess server, ClusterDatabase database, CancellationToken ct) =>
        DatabaseServers.WithAsync(server, DatabaseLogin.Administrator(server), async connection =>
        {
            if (await MarkOfAsync(connection, database.Name, ct) is not { } mark || mark != database.Mark)
                return;
            if (await OwnerOfAsync(connection, database.Name, ct) == database.Name)
                await RunAsync(connection, $"DROP DATABASE IF EXISTS {DatabaseNames.Identifier(database.Name)} WITH (FORCE)", ct);
            await RunAsync(connection, $"DROP ROLE IF EXISTS {DatabaseNames.Identifier(database.Name)}", ct);
        }, ct);

    private static async Task EnsureRoleAsync(NpgsqlConnection connection, ClusterDatabase database, string password, CancellationToken ct)
    {
        var role = DatabaseNames.Identifier(database.Name);
        var verifier = DatabaseNames.Literal(ScramVerifier.Of(password));
        var mark = await MarkOfAsync(connection, database.Name, ct);
        if (mark is not null && mark != database.Mark)
            throw new DatabaseException($"{connection.Host}:{connection.Port}: role {database.Name} is there already and was not made for this ClusterDataSource");
        if (mark is not null)
        {
            await RunAsync(connection, $"ALTER ROLE {role} LOGIN PASSWORD {verifier}", ct);
            return;
        }
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await RunAsync(connection, $"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {verifier}", ct);
        await RunAsync(connection, $"COMMENT ON ROLE {role} IS {DatabaseNames.Literal(database.Mark)}", ct);
        // Whoever is no superuser may give a database only to a role that it is a member of.
        if (await AskAsync(connection, "SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user", null, ct) != "true")
            await RunAsync(connection, $"GRANT {role} TO CURRENT_USER", ct);
        await transaction.CommitAsync(ct);
    }

    private static async Task EnsureDatabaseAsync(NpgsqlConnection connection, ClusterDatabase database, CancellationToken ct)
    {
        var name = DatabaseNames.Identifier(database.Name);
        var owner = await OwnerOfAsync(connection, database.Name, ct);
        if (owner is not null && owner != database.Name)
            throw new DatabaseException($"{connection.Host}:{connection.Port}: database {database.Name} is there already and was not made for this ClusterDataSource");
        if (owner is null)
            await RunAsync(connection, $"CREATE DATABASE {name} OWNER {name} TEMPLATE template0 ENCODING 'UTF8'", ct);
        // Otherwise every role of the server may sign in to it.
        await RunAsync(connection, $"REVOKE ALL ON DATABASE {name} FROM PUBLIC", ct);
    }

    private static Task<string?> OwnerOfAsync(NpgsqlConnection connection, string database, CancellationToken ct) =>
        AskAsync(connection, "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = $1", database, ct);

    /// <summary>Null when there is no such role; empty when it has no comment.</summary>
    private static Task<string?> MarkOfAsync(NpgsqlConnection connection, string role, CancellationToken ct) =>
        AskAsync(connection, "SELECT coalesce(shobj_description(oid, 'pg_authid'), '') FROM pg_roles WHERE rolname = $1", role, ct);

    private static async Task<string?> AskAsync(NpgsqlConnection connection, string sql, string? parameter, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        if (parameter is not null)
            command.Parameters.Add(new() { Value = parameter });
        return await command.ExecuteScalarAsync(ct) as string;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
