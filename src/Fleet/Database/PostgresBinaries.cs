namespace Fleet.Host.Database;

/// <summary>Finds initdb, pg_ctl and postgres: FLEET_PG_BIN, PATH, or Debian's folder of the newest installed version.</summary>
public static class PostgresBinaries
{
    /// <returns>The folder, or null when PostgreSQL's server is not installed.</returns>
    public static string? Find()
    {
        var named = Environment.GetEnvironmentVariable("FLEET_PG_BIN");
        if (!string.IsNullOrEmpty(named) && HasServer(named))
            return named;

        var debian = "/usr/lib/postgresql";
        if (Directory.Exists(debian))
        {
            var newest = Directory.GetDirectories(debian)
                .Where(folder => int.TryParse(Path.GetFileName(folder), out _) && HasServer(Path.Combine(folder, "bin")))
                .MaxBy(folder => int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture));
            if (newest is not null)
                return Path.Combine(newest, "bin");
        }

        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(HasServer);
    }

    private static bool HasServer(string folder) => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl"));
}
