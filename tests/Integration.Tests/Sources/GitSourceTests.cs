using Fleet.Sources;
using Fleet.Sources.Git;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.Sources;

public sealed class GitSourceTests : IAsyncLifetime
{
    private const string Password = "a-password-that-nobody-shows";

    private readonly SourcesHost host = new();
    private GitFolder git = null!;
    private GitHttpServer server = null!;

    public async ValueTask InitializeAsync()
    {
        git = await GitFolder.CreateAsync();
        server = await GitHttpServer.StartAsync(git.Root);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        git.Dispose();
        host.Dispose();
    }

    [Fact]
    public async Task A_branch_is_followed_and_a_commit_that_is_known_is_not_fetched_again()
    {
        var first = await git.CommitAsync(("charts/web/Chart.yaml", "name: web"), ("logo.png", "picture"), (".gitignore", "*.tmp"));
        var source = Source(new() { Branch = "main" });
        var artifact = await host.Sources.FetchAsync(source, CancellationToken.None);
        Assert.Equal($"main@sha1:{first}", artifact.Revision);
        Assert.Equal(["charts/web/Chart.yaml"], SourcesHost.FilesOf(artifact));

        host.Restart();
        var before = server.Requests;
        Assert.Equal(artifact, await host.Sources.FetchAsync(source, CancellationToken.None));
        var asked = server.Requests - before;

        var second = await git.CommitAsync(("charts/web/values.yaml", "a: 1"));
        before = server.Requests;
        var next = await host.Sources.FetchAsync(source, CancellationToken.None);
        Assert.Equal($"main@sha1:{second}", next.Revision);
        Assert.NotEqual(artifact.Digest, next.Digest);
        // The question what the branch is now costs less than a fetch does.
        Assert.True(asked < server.Requests - before, $"{asked} requests for nothing new");
        Assert.Empty(Directory.Exists(host.Secrets) ? Directory.EnumerateFiles(host.Secrets, "config", SearchOption.AllDirectories) : []);
    }

    [Fact]
    public async Task Tags_ranges_names_and_commits_are_found()
    {
        var first = await git.CommitAsync(("a", "1"));
        await git.GitAsync("tag", "v1.9.0");
        var second = await git.CommitAsync(("a", "2"));
        await git.GitAsync("tag", "-a", "-m", "annotated", "v1.10.0");
        await git.CommitAsync(("a", "3"));
        await git.GitAsync("tag", "v2.0.0-rc.1");
        await git.GitAsync("push", "--quiet", "--tags", "origin", "HEAD:refs/pull/7/head");
        Assert.Equal($"v1.9.0@sha1:{first}", await RevisionAsync(new() { Tag = "v1.9.0" }));
        Assert.Equal($"v1.10.0@sha1:{second}", await RevisionAsync(new() { Tag = "v1.10.0" }));
        Assert.Equal($"v1.10.0@sha1:{second}", await RevisionAsync(new() { SemVer = ">=1.0.0" }));
        Assert.Equal($"sha1:{first}", await RevisionAsync(new() { Commit = first }));
        Assert.Equal($"main@sha1:{first}", await RevisionAsync(new() { Commit = first, Branch = "main" }));
        Assert.StartsWith("refs/pull/7/head@sha1:", await RevisionAsync(new() { Name = "refs/pull/7/head" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_told_apart_from_a_server_that_does_not_answer()
    {
        await git.CommitAsync(("a", "1"));
        Assert.Equal(SourceErrorKind.NotFound, (await FailsAsync(Source(new() { Branch = "nope" }))).Kind);
        Assert.Equal(SourceErrorKind.NotFound, (await FailsAsync(Source(new() { SemVer = ">=5" }))).Kind);
        Assert.Equal(SourceErrorKind.NotFound, (await FailsAsync(Source(new() { Commit = new string('0', 40) }))).Kind);
        Assert.Equal(SourceErrorKind.NotFound, (await FailsAsync(Source(new() { Branch = "main" }) with { Url = new Uri(server.Address, "none.git").ToString() })).Kind);
        server.FailWith = 503;
        var down = await FailsAsync(Source(new() { Branch = "main" }));
        Assert.True(down.IsTransient, down.Message);
    }

    [Theory]
    [InlineData("user")]
    [InlineData("token")]
    public async Task Credentials_open_the_door_and_appear_nowhere(string kind)
    {
        await git.CommitAsync(("a", "1"));
        server.Authorization = kind == "user" ? GitHttpServer.Basic("reader", Password) : "Bearer " + Password;
        var right = kind == "user" ? new GitAccess { Username = "reader", Password = Password, CaBundle = server.Authority } : new GitAccess { BearerToken = Password, CaBundle = server.Authority };
        Assert.Equal(["a"], SourcesHost.FilesOf(await host.Sources.FetchAsync(Source(new() { Branch = "main" }, right), CancellationToken.None)));

        var wrong = await FailsAsync(Source(new() { Branch = "main" }, new() { Username = "reader", Password = "wrong-" + Password, CaBundle = server.Authority }));
        var none = await FailsAsync(Source(new() { Branch = "main" }));
        Assert.All([wrong, none], e => Assert.Equal(SourceErrorKind.AuthenticationFailed, e.Kind));
        Assert.DoesNotContain(Password, wrong.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_whose_certificate_nobody_vouches_for_is_not_talked_to()
    {
        await git.CommitAsync(("a", "1"));
        var e = await FailsAsync(new GitSource(new Uri(server.Address, git.Name).ToString()) { Reference = new() { Branch = "main" } });
        Assert.Equal(SourceErrorKind.AuthenticationFailed, e.Kind);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_redirect_is_followed_to_another_server_without_the_credentials(int code)
    {
        var commit = await git.CommitAsync(("a", "1"));
        await using var other = await GitHttpServer.StartAsync(git.Root, like: server);
        server.Moved = (code, server.Address);
        server.Authorization = GitHttpServer.Basic("reader", Password);
        var access = new GitAccess { Username = "reader", Password = Password, CaBundle = server.Authority };
        var source = Source(new() { Branch = "main" }, access) with { Url = new Uri(server.Address, $"moved/{git.Name}").ToString() };
        Assert.Equal($"main@sha1:{commit}", (await host.Sources.FetchAsync(source, CancellationToken.None)).Revision);

        // The same server lets them in with the credentials; another one never gets them.
        (other.Authorization, server.Moved) = (server.Authorization, (code, other.Address));
        Assert.Equal(SourceErrorKind.AuthenticationFailed, (await FailsAsync(source)).Kind);
        other.Authorization = null;
        Assert.Equal($"main@sha1:{commit}", (await host.Sources.FetchAsync(source, CancellationToken.None)).Revision);
    }

    [Theory]
    [InlineData(301, "https://169.254.169.254/")]
    [InlineData(302, "https://[fd00:ec2::254]/latest")]
    [InlineData(307, "https://[::ffff:169.254.169.254]/")]
    [InlineData(302, "http://127.0.0.1:1/")]
    public async Task A_redirect_leads_to_no_metadata_service_and_not_out_of_https(int code, string place)
    {
        await git.CommitAsync(("a", "1"));
        server.Moved = (code, new Uri(place));
        var e = await FailsAsync(Source(new() { Branch = "main" }) with { Url = new Uri(server.Address, $"moved/{git.Name}").ToString() });
        Assert.Equal(SourceErrorKind.Refused, e.Kind);
        Assert.Contains(place.StartsWith("https", StringComparison.Ordinal) ? "link-local or a metadata service" : "from https to http", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://169.254.169.254/x.git")]
    [InlineData("https://[fd00:ec2::254]/x.git")]
    public async Task A_repository_is_at_no_metadata_service(string url) =>
        Assert.Equal(SourceErrorKind.Refused, (await FailsAsync(Source(new() { Branch = "main" }) with { Url = url })).Kind);

    [Fact]
    public async Task Redirects_that_go_around_in_circles_end()
    {
        server.Moved = (302, new Uri(server.Address, "moved"));
        Assert.Contains("redirects more than", (await FailsAsync(Source(new() { Branch = "main" }) with { Url = new Uri(server.Address, $"moved/{git.Name}").ToString() })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_ignore_rules_and_attributes_decide_what_comes()
    {
        await git.CommitAsync(
            ("apps/a.yaml", "$Format:%H$"), ("apps/secret.txt", "x"), ("docs/readme.md", "x"), ("other/b.yaml", "x"), (".sourceignore", "*.txt"), (".gitattributes", "apps/a.yaml export-subst export-ignore"));
        var all = await host.Sources.FetchAsync(Source(new() { Branch = "main" }) with { Ignore = "/docs/" }, CancellationToken.None);
        Assert.Equal([".sourceignore", "apps/a.yaml", "other/b.yaml"], SourcesHost.FilesOf(all));
        // As it is in the tree, not as an export would have it.
        Assert.Equal("$Format:%H$", await File.ReadAllTextAsync(Path.Combine(all.Folder, "apps", "a.yaml")));
        var part = await host.Sources.FetchAsync(Source(new() { Branch = "main" }) with { Folders = ["apps"] }, CancellationToken.None);
        Assert.Equal(["apps/a.yaml", "apps/secret.txt"], SourcesHost.FilesOf(part));
    }

    [Fact]
    public async Task A_link_that_leads_out_and_a_repository_that_is_too_large_are_refused()
    {
        await git.CommitAsync(("a", "1"));
        File.CreateSymbolicLink(Path.Combine(git.Work, "inside"), "a");
        await git.CommitAsync();
        Assert.Equal(["a"], SourcesHost.FilesOf(await host.Sources.FetchAsync(Source(new() { Branch = "main" }), CancellationToken.None)));

        File.CreateSymbolicLink(Path.Combine(git.Work, "outside"), "/etc/passwd");
        await git.CommitAsync();
        var e = await FailsAsync(Source(new() { Branch = "main" }));
        Assert.Equal(SourceErrorKind.Refused, e.Kind);
        Assert.Contains("leads out", e.Message, StringComparison.Ordinal);

        using var small = new SourcesHost(new() { Folder = "", MaxGitBytes = 1000, SizeCheck = TimeSpan.FromMilliseconds(1) });
        await git.GitAsync("rm", "--quiet", "outside");
        await git.CommitAsync(("large", Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(30_000_000))));
        var large = await Assert.ThrowsAsync<SourceException>(() => small.Sources.FetchAsync(Source(new() { Branch = "main" }), CancellationToken.None));
        Assert.Equal(SourceErrorKind.Refused, large.Kind);
    }

    [Fact]
    public async Task A_server_that_never_answers_ends_at_the_time_limit()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var source = new GitSource($"http://127.0.0.1:{((System.Net.IPEndPoint)silent.LocalEndpoint).Port}/x.git") { Reference = new() { Branch = "main" }, Timeout = TimeSpan.FromSeconds(1) };
        Assert.Equal(SourceErrorKind.Timeout, (await FailsAsync(source)).Kind);
    }

    [Fact]
    public async Task By_ssh_a_key_opens_the_door_of_a_host_that_is_known()
    {
        var commit = await git.CommitAsync(("a", "1"));
        await using var ssh = await GitSshServer.StartAsync(git.Root);
        GitSource Of(string identity, string hosts) => new(ssh.UrlOf(git.Name)) { Reference = new() { Branch = "main" }, Access = new() { SshIdentity = identity, KnownHosts = hosts } };
        Assert.Equal($"main@sha1:{commit}", (await host.Sources.FetchAsync(Of(ssh.Identity, ssh.KnownHosts), CancellationToken.None)).Revision);
        Assert.Equal(SourceErrorKind.AuthenticationFailed, (await FailsAsync(Of(ssh.OtherIdentity, ssh.KnownHosts))).Kind);
        var stranger = ssh.KnownHosts.Replace(ssh.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "1", StringComparison.Ordinal);
        Assert.Equal(SourceErrorKind.AuthenticationFailed, (await FailsAsync(Of(ssh.Identity, stranger))).Kind);
        Assert.Equal(SourceErrorKind.AuthenticationFailed, (await FailsAsync(Of(ssh.Identity, ""))).Kind);
    }

    private GitSource Source(GitReference reference, GitAccess? access = null) =>
        new(new Uri(server.Address, git.Name).ToString()) { Reference = reference, Access = access ?? new() { CaBundle = server.Authority } };

    private async Task<string> RevisionAsync(GitReference reference) => (await host.Sources.FetchAsync(Source(reference), CancellationToken.None)).Revision;

    private Task<SourceException> FailsAsync(GitSource source) => Assert.ThrowsAsync<SourceException>(() => host.Sources.FetchAsync(source, CancellationToken.None));
}
