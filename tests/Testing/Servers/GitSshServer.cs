using Fleet.Testing.Processes;

namespace Fleet.Testing.Servers;

/// <summary>Git over SSH: a private sshd on loopback that lets one key in, and only to git.</summary>
public sealed class GitSshServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new("sshd");
    private readonly string _root;
    private ServerProcess? _server;

    private GitSshServer(string root) => _root = root;

    public int Port { get; } = FreePort.Next();

    /// <summary>The private key that is let in.</summary>
    public string Identity { get; private set; } = "";

    /// <summary>A private key that is not.</summary>
    public string OtherIdentity { get; private set; } = "";

    public string KnownHosts { get; private set; } = "";

    /// <summary>Address of a repository below the folder that is served.</summary>
    public string UrlOf(string repository) => $"ssh://{System.Environment.UserName}@127.0.0.1:{Port}{Path.Combine(_root, repository)}";

    public static async Task<GitSshServer> StartAsync(string root)
    {
        var server = new GitSshServer(root);
        await server.StartServerAsync();
        return server;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_server is { } running)
        {
            await running.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task StartServerAsync()
    {
        await KeyAsync("host");
        Identity = await KeyAsync("user");
        OtherIdentity = await KeyAsync("other");
        KnownHosts = $"[127.0.0.1]:{Port} {await File.ReadAllTextAsync(_folder.File("host.pub"))}";
        var authorized = _folder.Write("authorized_keys", await File.ReadAllTextAsync(_folder.File("user.pub")));
        var settings = _folder.Write("sshd_config", $"""
            ListenAddress 127.0.0.1:{Port}
            HostKey {_folder.File("host")}
            AuthorizedKeysFile {authorized}
            PidFile none
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            UsePAM no
            StrictModes no
            AllowTcpForwarding no
            """);
        var environment = new Dictionary<string, string?> { ["LD_LIBRARY_PATH"] = Path.GetDirectoryName(RealParts.Sshd) };
        string[] command = [RealParts.Sshd, "-D", "-e", "-f", settings];
        if (System.Environment.IsPrivilegedProcess)
        {
            // As root sshd wants a user of its own and a folder for its unprivileged half. The user exists for this process only.
            Directory.CreateDirectory("/run/sshd");
            var users = _folder.Write("passwd", await File.ReadAllTextAsync("/etc/passwd") + "sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin\n");
            command = ["unshare", "--mount", "--", "sh", "-c", "mount --bind \"$0\" /etc/passwd && exec \"$@\"", users, .. command];
        }

        _server = await ServerProcess.StartAsync("sshd", command[0], command[1..], environment);
        await _server.WaitUntilAsync(
            async ct =>
            {
                using var socket = new System.Net.Sockets.TcpClient();
                await socket.ConnectAsync(System.Net.IPAddress.Loopback, Port, ct);
                return true;
            },
            TimeSpan.FromSeconds(120));
        TestLogs.NoteUsed("sshd");
    }

    private async Task<string> KeyAsync(string name)
    {
        (await ProcessOutput.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", _folder.File(name)])).MustSucceed();
        return await File.ReadAllTextAsync(_folder.File(name));
    }
}
