using System.Diagnostics;
using System.Security.Cryptography;
using Fleet.Host.Data;

namespace Fleet.Host.Database;

/// <summary>
/// The PostgreSQL of <c>fleet up</c>: its files in the data folder, loopback only, scram with a generated password (file of mode 0600).
/// A server that outlived a killed Fleet is used again, not started twice.
/// </summary>
public sealed partial class PrivatePostgres(string binaries, string folder, int port)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private const string User = "fleet";
    private const string Database = "fleet";

    private string PasswordFile => folder + ".password";

    /// <summary>Makes the database cluster when there is none, and starts it. Safe to repeat.</summary>
    /// <returns>A connection string; it holds the password, so keep it out of logs.</returns>
    public async Task<string> StartAsync(CancellationToken ct)
    {
        var prefix = await UnprivilegedCommand.PrefixAsync(ct);
        if (!File.Exists(Path.Combine(folder, "PG_VERSION")))
            await InitialiseAsync(prefix, ct);

        var status = await RunAsync(prefix, "pg_ctl", ["-D", folder, "status"], ct);
        var servingPort = status.ExitCode == 0 ? RunningPort() : null;
        if (servingPort is null)
        {
            servingPort = await StartServerAsync(prefix, ct);
        }

        var password = (await File.ReadAllTextAsync(PasswordFile, ct)).Trim();
        return $"Host=127.0.0.1;Port={servingPort};Username={User};Password={password};Database={Database};Maximum Pool Size=20;Application Name=fleet";
    }

    /// <summary>
    /// Starts the server again whenever it has ended without being asked to, on the port that its users know. Ends when cancelled, which must come before
    /// <see cref="StopAsync"/>.
    /// </summary>
    public async Task KeepRunningAsync(ILogger log, TimeProvider clock, CancellationToken ct)
    {
        var prefix = await UnprivilegedCommand.PrefixAsync(ct);
        var served = RunningPort() ?? port;
        var pause = LookEvery;
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(pause, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ct.IsCancellationRequested || IsAlive())
            {
                pause = LookEvery;
                continue;
            }

            LogGone(log, folder);
            if (await TryStartAsync(prefix, served, CancellationToken.None))
            {
                LogBack(log, served);
                pause = LookEvery;
            }
            else
            {
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                LogStillGone(log, LastLines(folder + ".log"), pause.TotalSeconds);
            }
        }
    }

    /// <returns>The port it listens on: the wanted one, or another where somebody was faster (two fleets that start at once choose alike).</returns>
    private async Task<int> StartServerAsync(IReadOnlyList<string> prefix, CancellationToken ct)
    {
        var wanted = port;
        for (var attempt = 1; ; attempt++)
        {
            if (await TryStartAsync(prefix, wanted, ct))
                return wanted;
            if (attempt == 3 || Ports.IsFree(wanted))
                throw new PostgresException($"PostgreSQL did not start: {LastLines(folder + ".log")} (log: {folder}.log)");
            wanted = Ports.AnyFree();
        }
    }

    private async Task<bool> TryStartAsync(IReadOnlyList<string> prefix, int wanted, CancellationToken ct)
    {
        var options = $"-p {wanted} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=60 -c shared_buffers=32MB";
        return (await RunAsync(prefix, "pg_ctl", ["-D", folder, "-w", "-t", "60", "-l", folder + ".log", "-o", options, "start"], ct)).ExitCode == 0;
    }

    /// <summary>Stops it when it runs; waits for the end.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        if (!File.Exists(Path.Combine(folder, "postmaster.pid")))
            return;
        var prefix = await UnprivilegedCommand.PrefixAsync(ct);
        await RunAsync(prefix, "pg_ctl", ["-D", folder, "-m", "fast", "-w", "-t", "30", "stop"], ct);
    }

    /// <summary>The port of a server that already runs from this folder, from the fourth line of its postmaster.pid; null when none is written.</summary>
    private int? RunningPort()
    {
        if (!File.Exists(Path.Combine(folder, "postmaster.pid")))
            return null;
        var lines = File.ReadAllLines(Path.Combine(folder, "postmaster.pid"));
        return lines.Length > 3 && int.TryParse(lines[3], out var running) ? running : null;
    }

    /// <summary>A look at /proc, because asking pg_ctl every second would cost more than the database.</summary>
    private bool IsAlive()
    {
        try
        {
            using var lines = File.OpenText(Path.Combine(folder, "postmaster.pid"));
            return int.TryParse(lines.ReadLine(), out var pid) && File.ReadAllText($"/proc/{pid}/comm").StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task InitialiseAsync(IReadOnlyList<string> prefix, CancellationToken ct)
    {
        // A folder without PG_VERSION is what an initdb that was killed left behind: nothing in it can be of use.
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        if (!File.Exists(PasswordFile))
        {
            await using var secret = new FileStream(PasswordFile, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            await secret.WriteAsync(System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24))), ct);
        }

        var made = folder + ".new";
        if (Directory.Exists(made))
            Directory.Delete(made, recursive: true);
        var init = await RunAsync(prefix, "initdb",
            ["-D", made, "-U", User, "--auth=scram-sha-256", $"--pwfile={PasswordFile}", "-E", "UTF8", "--locale=C.UTF-8"], ct);
        if (init.ExitCode != 0)
            throw new PostgresException($"initdb failed: {init.Error}");

        // The database itself, in single-user mode: no server is up yet, so nobody can see it half made.
        var create = await RunAsync(prefix, "postgres", ["--single", "-D", made, "postgres"], ct, $"CREATE DATABASE {Database};\n");
        if (create.ExitCode != 0)
            throw new PostgresException($"The database could not be created: {create.Error}");
        Directory.Move(made, folder);
    }

    private async Task<(int ExitCode, string Error)> RunAsync(
        IReadOnlyList<string> prefix, string program, IReadOnlyList<string> arguments, CancellationToken ct, string? input = null)
    {
        string[] words = [.. prefix, Path.Combine(binaries, program), .. arguments];
        // The server that pg_ctl starts inherits its pipes and would hold them open for ever; its words are in the log file anyway.
        var listens = program != "pg_ctl";
        if (!listens)
            words = ["sh", "-c", "exec \"$@\" >/dev/null 2>&1", "sh", .. words];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardError = listens,
            RedirectStandardOutput = listens,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetDirectoryName(folder)!,
        };
        using var process = Process.Start(start)!;
        if (input is not null)
            await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var error = "";
        if (listens)
        {
            var output = process.StandardOutput.ReadToEndAsync(ct);
            error = await process.StandardError.ReadToEndAsync(ct);
            await output;
        }

        await process.WaitForExitAsync(ct);
        return (process.ExitCode, error.Length > 2000 ? error[^2000..] : error);
    }

    private static string LastLines(string file) => File.Exists(file) ? string.Join(' ', File.ReadLines(file).TakeLast(3)) : "no log was written";

    [LoggerMessage(9001, LogLevel.Warning, "PostgreSQL in {Folder} has ended by itself and is started again; until then no history is written")]
    private static partial void LogGone(ILogger log, string folder);

    [LoggerMessage(9002, LogLevel.Information, "PostgreSQL is back on port {Port}")]
    private static partial void LogBack(ILogger log, int port);

    [LoggerMessage(9003, LogLevel.Warning, "PostgreSQL does not start: {Words} Tried again in {Seconds} s")]
    private static partial void LogStillGone(ILogger log, string words, double seconds);
}
