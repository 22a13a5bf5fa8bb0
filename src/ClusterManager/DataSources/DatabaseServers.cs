using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace Fleet.ClusterManager.DataSources;

/// <summary>Connections to database servers. Each is short and bounded in time; failures are <see cref="DatabaseException"/>.</summary>
internal static class DatabaseServers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>A new database is a copy of a template, for which a busy server waits until its disk has it.</summary>
    private static readonly TimeSpan StatementPatience = TimeSpan.FromSeconds(60);

    private static readonly HashSet<string> LoginRefused = new(StringComparer.Ordinal)
    {
        PostgresErrorCodes.InvalidPassword, PostgresErrorCodes.InvalidAuthorizationSpecification, PostgresErrorCodes.InvalidCatalogName, PostgresErrorCodes.InsufficientPrivilege,
    };

    /// <summary>Works on the first server that answers and takes writes.</summary>
    public static async Task WithAsync(ServerAccess server, DatabaseLogin login, Func<NpgsqlConnection, Task> work, CancellationToken ct)
    {
        List<DatabaseException> failures = [];
        foreach (var endpoint in server.Endpoints)
        {
            try
            {
                if (await TryAsync(endpoint, server, login, work, ct))
                    return;
                failures.Add(new($"{endpoint}: is a standby, which takes no writes"));
            }
            catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or IOException or ArgumentException or AuthenticationException)
            {
                failures.Add(new($"{endpoint}: {WithoutSecrets(Text(e), server, login)}") { IsLoginRefused = e is PostgresException { SqlState: var state } && LoginRefused.Contains(state) });
            }
        }
        throw failures.Count == 1 ? failures[0]
            : new(string.Join("; ", failures.Select(failure => failure.Message))) { IsLoginRefused = failures.Exists(failure => failure.IsLoginRefused) };
    }

    private static async Task<bool> TryAsync(string endpoint, ServerAccess server, DatabaseLogin login, Func<NpgsqlConnection, Task> work, CancellationToken ct)
    {
        await using var source = Open(endpoint, server, login);
        await using var connection = await source.OpenConnectionAsync(ct);
        await using (var asked = new NpgsqlCommand("SELECT pg_is_in_recovery()", connection))
            if (await asked.ExecuteScalarAsync(ct) is true)
                return false;
        await work(connection);
        return true;
    }

    private static NpgsqlDataSource Open(string endpoint, ServerAccess server, DatabaseLogin login)
    {
        var colon = endpoint.LastIndexOf(':');
        var builder = new NpgsqlDataSourceBuilder
        {
            ConnectionStringBuilder =
            {
                Host = endpoint[..colon].Trim('[', ']'),
                Port = int.Parse(endpoint.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture),
                Username = login.UserName,
                Password = login.Password,
                Database = login.Database,
                ApplicationName = "fleet",
                Timeout = (int)Patience.TotalSeconds,
                CommandTimeout = (int)StatementPatience.TotalSeconds,
                Pooling = false,
                SslMode = server.Authority is null ? SslMode.Prefer : SslMode.VerifyFull,
                IncludeErrorDetail = false,
                PersistSecurityInfo = false,
            },
        };
        if (server.Authority is { } authority)
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(authority);
            builder.UseRootCertificates(roots);
        }
        return builder.Build();
    }

    // The outer message of a failed connection only says that it failed.
    private static string Text(Exception e) => e switch
    {
        PostgresException said => $"{said.MessageText} ({said.SqlState})",
        { InnerException: { } inner } => $"{e.Message.TrimEnd('.')}: {inner.Message}",
        _ => e.Message,
    };

    private static string WithoutSecrets(string text, ServerAccess server, DatabaseLogin login)
    {
        foreach (var secret in (string[])[server.Password, login.Password])
            if (secret.Length > 0)
                text = text.Replace(secret, "…", StringComparison.Ordinal);
        return text.ReplaceLineEndings(" ");
    }
}
