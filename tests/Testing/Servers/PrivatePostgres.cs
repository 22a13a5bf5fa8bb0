using System.Security.Cryptography.X509Certificates;
using Fleet.Testing.Processes;

namespace Fleet.Testing.Servers;

/// <summary>A PostgreSQL of the test's own on a free loopback port. It never runs as root: then the user <c>postgres</c> takes it.</summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private const string User = "postgres";

    private static readonly Lazy<Task<PrivatePostgres>> Shared = new(StartAsync);

    private readonly TemporaryFolder _folder;
    private ServerProcess? _server;
    private int _databases;

    private PrivatePostgres(TemporaryFolder folder) => _folder = folder;

    public int Port { get; } = FreePort.Next();

    /// <summary>The connection string of the maintenance database, as the superuser.</summary>
    public string ConnectionString => ConnectionStringOf("postgres");

    /// <summary>One server for all tests of this process, started at the first call; it ends with the process.</summary>
    public static Task<PrivatePostgres> SharedAsync() => Shared.Value;

    public static async Task<PrivatePostgres> StartAsync()
    {
        var postgres = new PrivatePostgres(new TemporaryFolder("postgres"));
        try
        {
            await postgres.InitialiseAsync();
            await postgres.StartServerAsync();
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    public string ConnectionStringOf(string database) =>
        $"Host=127.0.0.1;Port={Port};Username=fleet;Database={database}";

    /// <summary>Creates an empty database and returns its connection string.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        var psql = Path.Combine(RealParts.PostgresBin, "psql");
        (await ProcessOutput.RunAsync(psql, ["-h", "127.0.0.1", "-p", $"{Port}", "-U", "fleet", "-d", "postgres", "-qc", $"CREATE DATABASE {name}"])).MustSucceed();
        return ConnectionStringOf(name);
    }

    /// <summary>From now on every connection needs a password, that of the superuser <c>fleet</c> is given, and TLS is offered.</summary>
    public async Task SecureAsync(string password, TestCertificates certificates)
    {
        var data = _folder.File("data");
        await File.WriteAllTextAsync(Path.Combine(data, "server.crt"), certificates.Server.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(data, "server.key"), certificates.Server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(Path.Combine(data, "server.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (Environment.IsPrivilegedProcess)
        {
            (await ProcessOutput.RunAsync("chown", [User, Path.Combine(data, "server.crt"), Path.Combine(data, "server.key")])).MustSucceed();
        }

        await File.WriteAllTextAsync(Path.Combine(data, "pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
        foreach (var sql in (string[])[$"ALTER ROLE fleet PASSWORD '{password}'", "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()"])
        {
            (await ProcessOutput.RunAsync(Path.Combine(RealParts.PostgresBin, "psql"), ["-h", "127.0.0.1", "-p", $"{Port}", "-U", "fleet", "-d", "postgres", "-qc", sql])).MustSucceed();
        }
    }

    /// <summary>Kills the server at once; the data stays for <see cref="StartServerAsync"/>.</summary>
    public async Task KillAsync()
    {
        if (_server is { } running)
        {
            await running.DisposeAsync();
        }

        _server = null;
    }

    /// <summary>Where a file of the server's own would be.</summary>
    public string FileOf(string name) => _folder.File(name);

    /// <summary>A file that the server's user owns, and nobody else may read; in its place at once.</summary>
    public async Task WriteAsync(string name, string text)
    {
        var fresh = _folder.Write(name + ".new", text);
        File.SetUnixFileMode(fresh, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (Environment.IsPrivilegedProcess)
        {
            (await ProcessOutput.RunAsync("chown", [User, fresh])).MustSucceed();
        }

        File.Move(fresh, FileOf(name), overwrite: true);
    }

    /// <summary>Starts the server on the same data and port.</summary>
    /// <param name="options">More of its options.</param>
    /// <param name="starter">A program with its arguments that becomes the server.</param>
    /// <param name="environment">For both.</param>
    public async Task StartServerAsync(IReadOnlyList<string>? options = null, IReadOnlyList<string>? starter = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var data = _folder.File("data");
        string[] words =
        [
            .. starter ?? [], Path.Combine(RealParts.PostgresBin, "postgres"),
            "-D", data, "-p", $"{Port}", "-h", "127.0.0.1", "-k", data, "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200", .. options ?? [],
        ];
        var isReady = Path.Combine(RealParts.PostgresBin, "pg_isready");
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            _server = await ServerProcess.StartAsync("postgres", words[0], words[1..], environment, User, data);
            try
            {
                await _server.WaitUntilAsync(
                    async ct => (await ProcessOutput.RunAsync(isReady, ["-q", "-h", "127.0.0.1", "-p", $"{Port}"], ct: ct)).ExitCode == 0,
                    TimeSpan.FromSeconds(60));
                break;
            }
            catch (InvalidOperationException failure) when (
                failure.Message.Contains("pre-existing shared memory block", StringComparison.Ordinal) && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30))
            {
                // Of a server that was killed, a child may live for a moment longer than the server itself.
                await KillAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
            }
        }

        TestLogs.NoteUsed($"PostgreSQL from {RealParts.PostgresBin}");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    private async Task InitialiseAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            (await ProcessOutput.RunAsync("chown", [User, _folder.FullPath])).MustSucceed();
        }

        List<string> initdb =
        [
            Path.Combine(RealParts.PostgresBin, "initdb"), "-D", _folder.File("data"), "-U", "fleet", "--auth=trust", "--no-sync", "-E", "UTF8",
            "--locale=C.UTF-8",
        ];
        string[] asUser = Environment.IsPrivilegedProcess ? ["--reuid", User, "--regid", User, "--clear-groups"] : [];
        (await ProcessOutput.RunAsync("setpriv", [.. asUser, "--", .. initdb])).MustSucceed();
    }
}
