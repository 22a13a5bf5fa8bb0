using Fleet.Rest.Databases;
using Fleet.Rest.Problems;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Rest.SignIn;

/// <summary>
/// Sign-ins under way in PostgreSQL, for all replicas: who deletes the row has it. Times are those of the database, whose clock is the only one that all of them share.
/// </summary>
internal sealed class PostgresSignIns(IDbContextFactory<SignInContext> contexts) : ISignInStore, IDisposable
{
    // What is over goes when somebody comes; rows that another replica removes just now are left to it. Several that come at once may be a few too many.
    private const string Add =
        """
        WITH gone AS (DELETE FROM pending_sign_ins WHERE id IN (SELECT id FROM pending_sign_ins WHERE until <= now() LIMIT 1000 FOR UPDATE SKIP LOCKED))
        INSERT INTO pending_sign_ins (id, content, until)
        SELECT $1, $2, now() + $3 WHERE (SELECT count(*) FROM pending_sign_ins WHERE until > now()) < $4
        """;

    private const string Take = "DELETE FROM pending_sign_ins WHERE id = $1 RETURNING CASE WHEN until > now() THEN content END";

    private readonly MigratedContexts<SignInContext> opened = new(contexts);

    public async Task<bool> TryAddAsync(SealedSignIn one, TimeSpan lasts, CancellationToken ct) =>
        await WithAsync(async connection =>
        {
            await using var command = Command(connection, Add, one.Id, one.Content, lasts, PendingSignIns.Most);
            return await command.ExecuteNonQueryAsync(ct) > 0;
        }, ct);

    public Task<byte[]?> TakeAsync(byte[] id, CancellationToken ct) => WithAsync(async connection =>
    {
        await using var command = Command(connection, Take, id);
        return await command.ExecuteScalarAsync(ct) as byte[];
    }, ct);

    public void Dispose() => opened.Dispose();

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return command;
    }

    private async Task<T> WithAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken ct)
    {
        try
        {
            await using var context = await opened.OpenAsync(ct);
            await context.Database.OpenConnectionAsync(ct);
            return await work((NpgsqlConnection)context.Database.GetDbConnection());
        }
        catch (Exception error) when (DatabaseFailures.IsOne(error))
        {
            throw new ProblemException(ProblemKind.SignInUnavailable, "the database that sign-ins wait in does not answer: try again in a moment") { RetryAfter = 10 };
        }
    }
}
