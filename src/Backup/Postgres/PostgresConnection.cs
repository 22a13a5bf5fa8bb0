using System.Data.Common;
using System.Globalization;

namespace Fleet.Backup.Postgres;

/// <summary>What PostgreSQL's own programs need of a connection string. Never printed: it holds the password.</summary>
internal sealed class PostgresConnection
{
    private const int DefaultPort = 5432;

    /// <summary>What .NET's drivers know without being told, and PostgreSQL's programs before version 16 do not.</summary>
    private const string SystemRoots = "/etc/ssl/certs/ca-certificates.crt";

    private PostgresConnection(string host, int port, string user, string database, string password, IReadOnlyDictionary<string, string> tls) =>
        (Host, Port, User, Database, Password, Tls) = (host, port, user, database, password, tls);

    public string Host { get; }

    public int Port { get; }

    public string User { get; }

    public string Database { get; }

    /// <summary>Variables that make PostgreSQL's programs as careful with the server's certificate as the connection string is.</summary>
    public IReadOnlyDictionary<string, string> Tls { get; }

    private string Password { get; }

    /// <summary>As .NET's drivers write it: <c>Host=…;Port=…;Username=…;Password=…;Database=…</c>.</summary>
    /// <exception cref="FormatException">It names no host, user or database. The message does not repeat it.</exception>
    public static PostgresConnection Parse(string text)
    {
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = text };
            return new(
                Value(parts, "Host", "Server") ?? throw new FormatException("The connection string of PostgreSQL names no Host."),
                Value(parts, "Port") is { } port ? int.Parse(port, CultureInfo.InvariantCulture) : DefaultPort,
                Value(parts, "Username", "User Id", "User ID", "UserName") ?? throw new FormatException("The connection string of PostgreSQL names no Username."),
                Value(parts, "Database", "DB") ?? throw new FormatException("The connection string of PostgreSQL names no Database."),
                Value(parts, "Password", "PSW", "PWD") ?? "",
                TlsOf(parts));
        }
        catch (ArgumentException)
        {
            throw new FormatException("The connection string of PostgreSQL cannot be read.");
        }
    }

    public IReadOnlyList<string> Arguments() =>
        ["--host", Host, "--port", Port.ToString(CultureInfo.InvariantCulture), "--username", User, "--no-password"];

    /// <summary>A line of PostgreSQL's password file; colons and backslashes in it are escaped.</summary>
    public string PasswordLine() => $"{Escape(Host)}:{Port}:*:{Escape(User)}:{Escape(Password)}\n";

    public override string ToString() => $"{User}@{Host}:{Port}/{Database}";

    private static Dictionary<string, string> TlsOf(DbConnectionStringBuilder parts)
    {
        var variables = new Dictionary<string, string>();
        var mode = Value(parts, "SSL Mode", "SslMode")?.ToUpperInvariant() switch
        {
            "DISABLE" => "disable",
            "ALLOW" => "allow",
            "REQUIRE" => "require",
            "VERIFYCA" or "VERIFY-CA" => "verify-ca",
            "VERIFYFULL" or "VERIFY-FULL" => "verify-full",
            _ => "prefer",
        };
        variables["PGSSLMODE"] = mode;
        if (Value(parts, "Root Certificate", "RootCertificate") is { } roots)
            variables["PGSSLROOTCERT"] = roots;
        else if (mode.StartsWith("verify", StringComparison.Ordinal) && File.Exists(SystemRoots))
            variables["PGSSLROOTCERT"] = SystemRoots;
        if (Value(parts, "SSL Certificate", "SslCertificate") is { } certificate)
            variables["PGSSLCERT"] = certificate;
        if (Value(parts, "SSL Key", "SslKey") is { } key)
            variables["PGSSLKEY"] = key;
        return variables;
    }

    private static string Escape(string text) => text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(":", @"\:", StringComparison.Ordinal);

    private static string? Value(DbConnectionStringBuilder parts, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (parts.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text)
                return text;
        }

        return null;
    }
}
