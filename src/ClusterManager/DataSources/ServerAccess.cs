namespace Fleet.ClusterManager.DataSources;

/// <summary>How a database server is reached as its administrator. Never printed.</summary>
internal sealed class ServerAccess(IReadOnlyList<string> endpoints, string userName, string password, string? authority)
{
    /// <summary>Host and port of each server, tried in order.</summary>
    public IReadOnlyList<string> Endpoints { get; } = endpoints;

    public string UserName { get; } = userName;

    public string Password { get; } = password;

    /// <summary>Certificates in PEM; null when the server's certificate is not checked.</summary>
    public string? Authority { get; } = authority;

    public override string ToString() => string.Join(',', Endpoints);
}

/// <summary>Who signs in to which database. Never printed.</summary>
internal sealed class DatabaseLogin(string userName, string password, string database)
{
    /// <summary>Every PostgreSQL has this database.</summary>
    private const string Maintenance = "postgres";

    public string UserName { get; } = userName;

    public string Password { get; } = password;

    public string Database { get; } = database;

    public static DatabaseLogin Administrator(ServerAccess server) => new(server.UserName, server.Password, Maintenance);

    public override string ToString() => $"{UserName} to {Database}";
}
