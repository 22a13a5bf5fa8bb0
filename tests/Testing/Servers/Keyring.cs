using Fleet.Testing.Processes;

namespace Fleet.Testing.Servers;

/// <summary>
/// A desktop's keyring without a desktop: a real gnome-keyring, unlocked, behind a session bus of its own, and the real secret-tool that asks it. What
/// secret-tool is called with is noted, since everybody on a machine sees the arguments of its processes.
/// </summary>
public sealed class Keyring : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new("keyring");
    private ServerProcess? _bus;
    private ServerProcess? _daemon;

    private Keyring()
    {
    }

    /// <summary>For programs that shall find it.</summary>
    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>
    {
        ["DBUS_SESSION_BUS_ADDRESS"] = $"unix:path={_folder.File("bus")}",
        ["PATH"] = $"{_folder.File("bin")}:{System.Environment.GetEnvironmentVariable("PATH")}",
        ["FLEET_KEYRING"] = null,
    };

    /// <summary>The secret-tool that notes its calls.</summary>
    public string Tool => _folder.File("bin/secret-tool");

    /// <summary>The arguments of every call of secret-tool, a line each.</summary>
    public IReadOnlyList<string> Calls => File.Exists(_folder.File("calls")) ? File.ReadAllLines(_folder.File("calls")) : [];

    public static async Task<Keyring> StartAsync()
    {
        var keyring = new Keyring();
        await keyring.StartServersAsync();
        return keyring;
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        if (_bus is not null)
            await _bus.DisposeAsync();
        (_daemon, _bus) = (null, null);
        _folder.Dispose();
    }

    private async Task StartServersAsync()
    {
        var parts = RealParts.Keyring;
        var libraries = Path.Combine(parts, "lib");
        Directory.CreateDirectory(_folder.File("bin"));
        var tool = _folder.Write("bin/secret-tool", $"""
            #!/bin/sh
            echo "$*" >> '{_folder.File("calls")}'
            LD_LIBRARY_PATH='{libraries}' exec '{Path.Combine(parts, "secret-tool")}' "$@"
            """);
        File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var environment = new Dictionary<string, string?>(Environment) { ["XDG_DATA_HOME"] = _folder.FullPath, ["XDG_RUNTIME_DIR"] = _folder.FullPath, ["LD_LIBRARY_PATH"] = libraries };
        var address = environment["DBUS_SESSION_BUS_ADDRESS"]!;
        _bus = await ServerProcess.StartAsync("session-bus", "dbus-daemon", ["--session", "--nofork", "--nopidfile", $"--address={address}"], environment);
        await _bus.WaitUntilAsync(_ => Task.FromResult(File.Exists(_folder.File("bus"))), Patience);
        // The password of the keyring comes by its standard input, as a login manager gives it.
        _daemon = await ServerProcess.StartAsync(
            "gnome-keyring", "sh", ["-c", "exec \"$0\" --foreground --unlock --components=secrets < \"$1\"", Path.Combine(parts, "gnome-keyring-daemon"), _folder.Write("password", "of the test")], environment);
        await _daemon.WaitUntilAsync(
            async ct => (await ProcessOutput.RunAsync("dbus-send", ["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"], environment: environment, ct: ct)).Out
                .Contains("true", StringComparison.Ordinal),
            Patience);
        TestLogs.NoteUsed("gnome-keyring 42.1");
    }
}
