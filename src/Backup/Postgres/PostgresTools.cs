using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Fleet.Backup.Postgres;

/// <summary>Dumps and loads a database by <c>pg_dump</c> and <c>pg_restore</c>. The password goes by a file that only this user can read.</summary>
internal static class PostgresTools
{
    private const int LongestError = 2000;

    /// <summary>FLEET_PG_BIN, Debian's newest version, else PATH. The newest, because a dump program refuses servers newer than itself.</summary>
    public static string? Find(string program)
    {
        var named = Environment.GetEnvironmentVariable("FLEET_PG_BIN");
        const string Debian = "/usr/lib/postgresql";
        IEnumerable<string> versions = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian)
                .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
                .OrderByDescending(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        string[] folders = [.. named is { Length: > 0 } ? [named] : Array.Empty<string>(), .. versions, .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)];
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
    }

    /// <summary>Writes a dump in PostgreSQL's own format, of one moment of the database. It is not compressed: the archive is.</summary>
    public static Task DumpAsync(PostgresConnection connection, Stream target, CancellationToken ct) => RunAsync(
        "pg_dump", connection, ["--format=custom", "--compress=0", "--no-owner", "--no-privileges", "--dbname", connection.Database],
        async (process, token) =>
        {
            process.StandardInput.Close();
            await process.StandardOutput.BaseStream.CopyToAsync(target, 256 * 1024, token);
        },
        ct);

    /// <summary>Puts a dump into a database in one transaction: all of it, in place of what is there, or nothing.</summary>
    public static Task LoadAsync(PostgresConnection connection, Stream source, CancellationToken ct) => RunAsync(
        "pg_restore", connection, ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", "--dbname", connection.Database],
        async (process, token) =>
        {
            try
            {
                await source.CopyToAsync(process.StandardInput.BaseStream, 256 * 1024, token);
            }
            catch (IOException) when (process.HasExited)
            {
                // It ended before it had read everything, and says why on its standard error.
            }

            process.StandardInput.Close();
            await process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, token);
        },
        ct);

    private static async Task RunAsync(string program, PostgresConnection connection, IReadOnlyList<string> arguments, Func<Process, CancellationToken, Task> exchange, CancellationToken ct)
    {
        var path = Find(program)
            ?? throw new PostgresToolException($"{program} is not installed (apt-get install postgresql-client). Without it the database cannot be backed up; leave it out with --without-database.");
        var folder = Directory.CreateTempSubdirectory("fleet-pg-");
        try
        {
            var passwords = Path.Combine(folder.FullName, "pgpass");
            await using (var file = new FileStream(passwords, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
                await file.WriteAsync(Encoding.UTF8.GetBytes(connection.PasswordLine()), ct);
            var start = new ProcessStartInfo(path, [.. connection.Arguments(), .. arguments])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.FullName,
            };
            start.Environment.Clear();
            start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
            start.Environment["LC_ALL"] = "C.UTF-8";
            start.Environment["PGPASSFILE"] = passwords;
            start.Environment["PGCONNECT_TIMEOUT"] = "10";
            foreach (var (name, value) in connection.Tls)
                start.Environment[name] = value;
            start.Environment["HOME"] = folder.FullName;
            await RunAsync(start, program, connection, exchange, ct);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(ProcessStartInfo start, string program, PostgresConnection connection, Func<Process, CancellationToken, Task> exchange, CancellationToken ct)
    {
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new PostgresToolException($"{program} cannot be started: {e.Message}", e);
        }

        using (process)
        {
            try
            {
                var error = process.StandardError.ReadToEndAsync(ct);
                await exchange(process, ct);
                await process.WaitForExitAsync(ct);
                var words = await error;
                if (process.ExitCode != 0)
                    throw new PostgresToolException($"{program} of {connection} failed: {(words.Length > LongestError ? words[^LongestError..] : words).Trim()}");
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill(entireProcessTree: true);
            }
        }
    }
}

/// <summary>What kept a database from being dumped or loaded, in words a user can act on; never the password.</summary>
public sealed class PostgresToolException(string message, Exception? inner = null) : Exception(message, inner);
