using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.RealParts;

/// <summary>The fixtures themselves: what they promise to the tests that are built on them.</summary>
public sealed class RealPartsTests
{
    private static readonly RealTool Kubectl = Testing.RealParts.Kubectls[0];

    [Fact]
    public async Task A_real_api_server_answers_its_admin_and_refuses_a_stranger()
    {
        var server = await RealApiServer.SharedAsync();

        var admin = await KubectlAsync(server.KubeconfigPath, "auth", "can-i", "*", "*", "--all-namespaces");
        var stranger = await KubectlAsync(server.WriteTokenKubeconfig(RealApiServer.StrangerToken), "get", "secrets", "-A");

        Assert.Equal("yes", admin.Out.Trim());
        Assert.NotEqual(0, stranger.ExitCode);
        Assert.Contains("\"stranger\" cannot list resource \"secrets\"", stranger.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_api_server_comes_back_with_its_objects()
    {
        await using var server = await RealApiServer.StartAsync(withControllers: false);
        (await KubectlAsync(server.KubeconfigPath, "create", "namespace", "kept")).MustSucceed();

        await server.KillAsync();
        var down = await KubectlAsync(server.KubeconfigPath, "get", "namespace", "kept", "--request-timeout=2s");
        await server.StartAgainAsync();
        var up = await KubectlAsync(server.KubeconfigPath, "get", "namespace", "kept", "-o", "name");

        Assert.NotEqual(0, down.ExitCode);
        Assert.Equal("namespace/kept", up.MustSucceed().Out.Trim());
    }

    [Fact]
    public async Task A_client_certificate_carries_user_and_groups()
    {
        var server = await RealApiServer.SharedAsync();
        var kubeconfig = server.WriteKubeconfig("alice", ["readers"]);

        var answer = await KubectlAsync(kubeconfig, "get", "pods");

        Assert.Contains("User \"alice\" cannot list resource \"pods\"", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_postgres_gives_each_test_an_empty_database_and_keeps_it_over_a_crash()
    {
        await using var postgres = await PrivatePostgres.StartAsync();
        var database = await postgres.NewDatabaseAsync();
        var name = database[(database.LastIndexOf('=') + 1)..];

        await postgres.KillAsync();
        await postgres.StartServerAsync();
        var psql = Path.Combine(Testing.RealParts.PostgresBin, "psql");
        var answer = await ProcessOutput.RunAsync(psql, ["-h", "127.0.0.1", "-p", $"{postgres.Port}", "-U", "fleet", "-d", name, "-Atc", "SELECT 1"]);

        Assert.Equal("1", answer.MustSucceed().Out.Trim());
    }

    [Fact]
    public async Task Charts_travel_through_the_http_repository_and_the_oci_registry_with_each_helm()
    {
        await using var repository = await HelmHttpRepository.StartAsync("reader", "pass word");
        await using var registry = await OciRegistry.StartAsync();
        using var folder = new TemporaryFolder("charts");
        foreach (var helm in Testing.RealParts.Helms)
        {
            var chart = $"chart{helm.Version[0]}";
            folder.Write($"{chart}/Chart.yaml", $"apiVersion: v2\nname: {chart}\nversion: 1.0.0\n");
            await repository.AddAsync(folder.File(chart));
            var package = Path.Combine(repository.Folder, $"{chart}-1.0.0.tgz");

            var refused = await ProcessOutput.RunAsync(helm.Path, ["pull", chart, "--repo", $"{repository.Address}", "-d", folder.FullPath]);
            var pulled = await ProcessOutput.RunAsync(
                helm.Path, ["pull", chart, "--repo", $"{repository.Address}", "-d", folder.FullPath, "--username", "reader", "--password", "pass word"]);
            (await ProcessOutput.RunAsync(helm.Path, ["push", package, $"oci://{registry.Host}/charts", "--plain-http"])).MustSucceed();
            var shown = await ProcessOutput.RunAsync(helm.Path, ["show", "chart", $"oci://{registry.Host}/charts/{chart}", "--version", "1.0.0", "--plain-http"]);

            Assert.NotEqual(0, refused.ExitCode);
            pulled.MustSucceed();
            Assert.True(File.Exists(folder.File($"{chart}-1.0.0.tgz")));
            Assert.Contains($"name: {chart}", shown.MustSucceed().Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_repository_that_is_told_to_fail_fails()
    {
        await using var repository = await HelmHttpRepository.StartAsync();
        repository.FailWith = 503;

        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(repository.Address, "/index.yaml"));

        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Equal(1, repository.Requests);
    }

    [Fact]
    public async Task A_command_that_hangs_is_killed_with_its_children()
    {
        var hung = await Assert.ThrowsAsync<TimeoutException>(
            () => ProcessOutput.RunAsync("bash", ["-c", "echo started; sleep 600 & wait"], timeout: TimeSpan.FromSeconds(4)));

        Assert.Contains("started", hung.Message, StringComparison.Ordinal);
    }

    private static Task<ProcessOutput> KubectlAsync(string kubeconfig, params string[] arguments) =>
        ProcessOutput.RunAsync(Kubectl.Path, ["--kubeconfig", kubeconfig, .. arguments]);
}
