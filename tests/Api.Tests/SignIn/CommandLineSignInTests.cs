using System.Net;
using System.Text.Json.Nodes;
using Fleet.Testing;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;

namespace Fleet.Api.Tests.SignIn;

/// <summary>People sign in to the command line by a real OpenID provider: the program itself, as a process.</summary>
public sealed class CommandLineSignInTests(CommandLineSignInTests.Fleet fleet) : IClassFixture<CommandLineSignInTests.Fleet>
{
    /// <summary>A start of the program on a machine that does much else.</summary>
    private const int Patience = 120;

    private const UnixFileMode OnlyMe = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "fleet.dll");

    [Fact]
    public async Task The_command_line_signs_in_stays_signed_in_and_signs_out()
    {
        var host = fleet.Host;
        using var home = new TemporaryFolder("login");
        var environment = EnvironmentOf(home, new Dictionary<string, string?> { ["FLEET_KEYRING"] = "file" });
        Task<(int Code, string Out, string All)> FleetAsync(params string[] words) => RunAsync(environment, words);

        // On another device, which sees a code and never the token.
        await using (var device = await LoginAsync(environment, "--device"))
        {
            var page = (await LineAsync(device, line => line.StartsWith("Open ", StringComparison.Ordinal))).Split(' ')[1];
            var code = await LineAsync(device, line => line.StartsWith("  ", StringComparison.Ordinal) && line.Contains('-', StringComparison.Ordinal));
            await host.Provider.ApproveAsync(new(page), code, "bob");
            Assert.Contains("as oidc:bob@example.test", await LineAsync(device, line => line.StartsWith("Signed in", StringComparison.Ordinal)), StringComparison.Ordinal);
        }

        Assert.Contains("oidc:bob@example.test", (await FleetAsync("whoami")).All, StringComparison.Ordinal);

        // In a browser of this machine, in the place of the other.
        await using (var login = await LoginAsync(environment))
        {
            var back = await BackAsync(login);
            using var browser = new HttpClient();
            // Whoever else knows the port does not know the state.
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(new Uri(back.GetLeftPart(UriPartial.Path) + "?code=forged&state=forged"))).StatusCode);
            Assert.Contains("You are signed in", await browser.GetStringAsync(back), StringComparison.Ordinal);
            Assert.Contains("as oidc:alice@example.test", await LineAsync(login, line => line.StartsWith("Signed in", StringComparison.Ordinal)), StringComparison.Ordinal);
            Assert.DoesNotContain("eyJ", await ReadAsync(login.LogPath), StringComparison.Ordinal);
        }

        var file = Assert.Single(Directory.GetFiles(home.File("fleet"), "session-*.json"));
        Assert.Equal(OnlyMe, File.GetUnixFileMode(file));
        Assert.Equal(OnlyMe | UnixFileMode.UserExecute, File.GetUnixFileMode(home.File("fleet")));
        // Shortly before its end the token is made anew.
        var session = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        session["expires"] = TimeProvider.System.GetUtcNow();
        await File.WriteAllTextAsync(file, session.ToJsonString());
        var token = JsonNode.Parse((await FleetAsync("token")).Out)!;
        Assert.Equal("ExecCredential", (string?)token["kind"]);
        // Not by its text: two tokens of one second are the same.
        var anew = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        Assert.True((DateTimeOffset)anew["expires"]! > TimeProvider.System.GetUtcNow());
        Assert.Equal((string?)anew["idToken"], (string?)token["status"]!["token"]);
        Assert.Equal("oidc:alice@example.test", (string?)(await host.WhoAsync((string)token["status"]!["token"]!)).Who!["user"]);

        File.SetUnixFileMode(file, OnlyMe | UnixFileMode.GroupRead);
        Assert.Contains("can be read by others", (await FleetAsync("whoami")).All, StringComparison.Ordinal);
        Assert.Equal(0, (await FleetAsync("logout")).Code);
        Assert.False(File.Exists(file));
        Assert.NotEqual(0, (await FleetAsync("whoami")).Code);
    }

    [Fact]
    public async Task Tokens_are_in_the_keyring_where_there_is_one_and_else_in_a_file_that_nobody_else_reads()
    {
        using var home = new TemporaryFolder("login");
        await using var keyring = await Keyring.StartAsync();
        var environment = EnvironmentOf(home, keyring.Environment);
        Assert.EndsWith("kept in the keyring.", await SignInAsync(environment), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(home.FullPath, "*", SearchOption.AllDirectories), file => File.ReadAllText(file).Contains("eyJ", StringComparison.Ordinal));
        Assert.Contains("oidc:alice@example.test", (await RunAsync(environment, "whoami")).All, StringComparison.Ordinal);
        var address = fleet.Host.Host.Address.AbsoluteUri;
        Assert.Equal([$"store --label Fleet {address} service fleet url {address}", $"lookup service fleet url {address}"], keyring.Calls);

        Assert.Equal(0, (await RunAsync(environment, "logout")).Code);
        Assert.NotEqual(0, (await ProcessOutput.RunAsync(keyring.Tool, ["lookup", "service", "fleet", "url", address], environment: environment)).ExitCode);
        Assert.NotEqual(0, (await RunAsync(environment, "whoami")).Code);

        // Its bus is still named, and nobody answers there: as in a session over ssh that was handed the variable.
        await keyring.DisposeAsync();
        environment["PATH"] = $"{Path.GetDirectoryName(Path.Combine(RealParts.Keyring, "secret-tool"))}:{Environment.GetEnvironmentVariable("PATH")}";
        environment["LD_LIBRARY_PATH"] = Path.Combine(RealParts.Keyring, "lib");
        var said = await SignInAsync(environment);
        var kept = Assert.Single(Directory.GetFiles(home.File("fleet"), "session-*.json"));
        Assert.EndsWith($"kept in {kept}.", said, StringComparison.Ordinal);
        Assert.Equal(OnlyMe, File.GetUnixFileMode(kept));
        Assert.Contains("oidc:alice@example.test", (await RunAsync(environment, "whoami")).All, StringComparison.Ordinal);
    }

    /// <summary>As alice, in a browser.</summary>
    /// <returns>What the command says about it.</returns>
    private async Task<string> SignInAsync(Dictionary<string, string?> environment)
    {
        await using var login = await LoginAsync(environment);
        using var browser = new HttpClient();
        using var ended = await browser.GetAsync(await BackAsync(login));
        return await LineAsync(login, line => line.StartsWith("Signed in", StringComparison.Ordinal));
    }

    private async Task<Uri> BackAsync(ServerProcess login) =>
        await fleet.Host.Provider.SignInAsync(new(await LineAsync(login, line => line.StartsWith("  https://", StringComparison.Ordinal))), "alice");

    private Dictionary<string, string?> EnvironmentOf(TemporaryFolder home, IReadOnlyDictionary<string, string?> more) => new(more)
    {
        ["XDG_CONFIG_HOME"] = home.FullPath, ["FLEET_DATA"] = home.File("none"), ["FLEET_REST"] = fleet.Host.Host.Address.AbsoluteUri, ["DISPLAY"] = null, ["WAYLAND_DISPLAY"] = null, ["KUBECONFIG"] = null,
    };

    private static async Task<(int Code, string Out, string All)> RunAsync(Dictionary<string, string?> environment, params string[] words)
    {
        var result = await ProcessOutput.RunAsync("dotnet", [Program, .. words], timeout: TimeSpan.FromSeconds(Patience), environment: environment);
        return (result.ExitCode, result.Out, result.Out + result.Error);
    }

    private Task<ServerProcess> LoginAsync(Dictionary<string, string?> environment, params string[] more) =>
        ServerProcess.StartAsync("fleet-login", "dotnet", [Program, "login", "--no-browser", "--oidc-ca", fleet.Host.Provider.CertificateAuthorityFile, .. more], environment);

    private static async Task<string> LineAsync(ServerProcess process, Func<string, bool> wanted)
    {
        string? found = null;
        await Wait.UntilAsync(async () =>
        {
            // In this order: what it says last is in its log before its end.
            var hasEnded = process.HasEnded;
            var lines = (await ReadAsync(process.LogPath)).Split('\n');
            // The last one is not whole yet.
            found = lines[..^1].FirstOrDefault(wanted);
            Assert.True(found is not null || !hasEnded || lines.Any(wanted), string.Join('\n', lines));
            return found is not null;
        }, "fleet login says it", Patience);
        return found!.Trim();
    }

    private static async Task<string> ReadAsync(string path)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    /// <summary>One provider and one API for all of these tests.</summary>
    public sealed class Fleet : IAsyncLifetime
    {
        internal OidcHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await OidcHost.StartAsync("embedded");

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
