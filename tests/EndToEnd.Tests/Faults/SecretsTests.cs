using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Resources;
using Fleet.Testing;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;

namespace Fleet.EndToEnd.Tests.Faults;

/// <summary>Canaries in every Secret that Fleet reads; whatever people or other programs can see is searched for them.</summary>
public sealed class SecretsTests
{
    /// <summary>
    /// What a fleet that has no other place for keys must keep in its folder: its own keys, each in one file that only its user reads. SECURITY.md says so. Nothing that came to it from elsewhere is here.
    /// </summary>
    private static readonly string[] KeyFiles = ["kubeconfig", "postgres.password", "control-plane/ca.key", "control-plane/secrets.key", "control-plane/service-accounts.key"];

    private const string Objects =
        "cld,servicesets,servicetemplates,clustertemplates,credentials,helmrepositories,gitrepositories,ocirepositories,buckets.source.toolkit.fluxcd.io,receivers,managementbackups,costexports,datasources,clusterdatasources,configmaps";

    /// <summary>The API refuses the name and quotes it: helm's words carry the secret.</summary>
    private const string Quoting = """
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: {{ .Values.secretName | quote }} }
        """;

    [Fact]
    public async Task No_secret_is_in_logs_events_statuses_outputs_command_lines_tables_or_files()
    {
        await using var repository = await HelmHttpRepository.StartAsync("charts-user", CanaryManifests.ChartsPassword);
        using var git = await GitFolder.CreateAsync();
        await using var gitServer = await GitHttpServer.StartAsync(git.Root);
        gitServer.Authorization = GitHttpServer.Basic("git-user", CanaryManifests.GitPassword);
        await PublishAsync(repository, git);
        await using var provider = await OidcProvider.StartAsync();
        await using var fleet = new Installation();
        (await fleet.FleetAsync("up", "--oidc", Oidc(fleet, provider))).MustSucceed();
        using var client = FaultFleet.Connect(fleet.Kubeconfig);

        using var watching = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var commandLines = Task.Run(() => CommandLines(watching.Token));
        await ApplyAsync(fleet, CanaryManifests.All(repository.Address, gitServer));
        await FaultFleet.UntilAsync(client, "ClusterDeployment", "canaries", "one", o => o.Is("Ready", "True") && o.State("quoting") == "Failed", 90);
        var seen = await FaultFleet.UntilAsync(client, "ClusterDeployment", "canaries", "one", o => o.State("fine") == "Deployed" && o.State("git") == "Deployed", 90);
        // The message is there, and where the secret was stands something else.
        Assert.Contains("***", seen.Failure("quoting"), StringComparison.Ordinal);
        // A wrong secret must not be quoted either.
        await ApplyAsync(fleet, CanaryManifests.BrokenValues);
        await FaultFleet.UntilAsync(client, "ClusterDeployment", "canaries", "one", o => o.Failure("broken").Contains("valuesFrom", StringComparison.Ordinal), 90);
        await UntilAllWereReadAsync(client);
        // Told of an alert where nobody listens: what failed is kept in the database.
        foreach (var receiver in CanaryManifests.Receivers)
            await fleet.FleetAsync("alerts", "test", $"canaries/{receiver}");

        List<Canary> canaries = [.. CanaryManifests.Planted.Select(secret => new Canary(secret)), .. await MadeAsync(fleet, provider)];
        var places = new Dictionary<string, string>
        {
            ["database"] = await DatabaseAsync(fleet),
            ["backup"] = await BackupAsync(fleet),
            ["command lines of fleetd and of the database"] = Processes(fleet),
            ["events"] = await OutAsync(fleet.KubectlAsync(fleet.Kubeconfig, "get", "events", "-A", "-o", "yaml")),
            ["objects"] = await OutAsync(fleet.KubectlAsync(fleet.Kubeconfig, "get", Objects, "-A", "-o", "yaml")),
        };
        string[][] commands =
        [
            ["get", "clusters"], ["get", "services"], ["get", "clusters", "-o", "yaml"], ["describe", "cluster", "one", "-n", "canaries"], ["logs"], ["doctor"], ["alerts", "deliveries"], ["backup", "list"], ["audit", "list"],
            ["telemetry", "tokens", "list", "canaries/one"],
        ];
        foreach (var command in commands)
            places[string.Join(' ', command)] = await OutAsync(fleet.FleetAsync(command));
        (await fleet.FleetAsync("delete", "cluster", "one", "-n", "canaries", "--timeout", "60")).MustSucceed();
        await watching.CancelAsync();
        places["command lines of helm"] = await commandLines;
        Assert.Contains("upgrade", places["command lines of helm"], StringComparison.Ordinal);
        Assert.Contains("canaries", places["database"], StringComparison.Ordinal);
        Assert.Contains("fleetd", places["command lines of fleetd and of the database"], StringComparison.Ordinal);
        // What database and log held in memory is on the disk then.
        (await fleet.FleetAsync("down")).MustSucceed();

        canaries.AddRange(KeyFiles.Select(file => Canary.Of(file, File.ReadAllText(Path.Combine(fleet.Data, file)))));
        var search = new CanarySearch(canaries);
        var found = places.SelectMany(place => search.In(place.Value).Select(canary => $"{canary} is in {place.Key}")).ToList();
        found.AddRange(InFiles(fleet.Data, search));
        Assert.True(found.Count == 0, string.Join('\n', found.Distinct()));
    }

    /// <summary>Every file of the folder, and whether those that hold keys are their user's alone.</summary>
    private static IEnumerable<string> InFiles(string folder, CanarySearch search)
    {
        var files = Directory.GetFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }).Select(file => Path.GetRelativePath(folder, file)).ToList();
        Assert.Contains(files, file => file.StartsWith("postgres/pg_wal/0", StringComparison.Ordinal));
        Assert.Contains(files, file => file.StartsWith("control-plane/objects/", StringComparison.Ordinal));
        Assert.Contains("logs/fleetd.log", files);
        Assert.Contains(files, file => file.EndsWith(".fleetbackup", StringComparison.Ordinal));
        foreach (var file in files)
        {
            var path = Path.Combine(folder, file);
            var found = search.In(File.ReadAllBytes(path));
            if (KeyFiles.Contains(file))
            {
                // That it is found here shows that the search finds.
                Assert.Contains(file, found);
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            }
            foreach (var canary in found.Where(canary => canary != file))
                yield return $"{canary} is in {file}";
        }
    }

    private static string Oidc(Installation fleet, OidcProvider provider)
    {
        fleet.Write("client.secret", CanaryManifests.OidcClient);
        return fleet.Write("oidc.json", new JsonObject
        {
            ["issuerUrl"] = provider.Issuer, ["clientId"] = OidcProvider.Client, ["usernameClaim"] = "email", ["caFile"] = provider.CertificateAuthorityFile, ["clientSecretFile"] = "client.secret",
        }.ToJsonString());
    }

    private static async Task PublishAsync(HelmHttpRepository repository, GitFolder git)
    {
        using var charts = new TemporaryFolder("charts");
        (string Path, string Content)[] chart =
            [("quoting/Chart.yaml", "apiVersion: v2\nname: quoting\nversion: 1.0.0\n"), ("quoting/values.yaml", "secretName: fine\n"), ("quoting/templates/all.yaml", Quoting)];
        foreach (var (path, content) in chart)
            charts.Write(path, content);
        await repository.AddAsync(charts.File("quoting"));
        await git.CommitAsync(chart);
    }

    /// <summary>What failed says so, so it was tried.</summary>
    private static async Task UntilAllWereReadAsync(IKubernetesClient client)
    {
        (string Kind, string Namespace, string Name, string Condition, string Status)[] all =
        [
            ("ManagementBackup", "", "kept", "Ready", "True"), ("ManagementBackup", "", "lost", "Ready", "False"), ("CostExport", "canaries", "bills", "Ready", "False"), ("ClusterDeployment", "canaries", "hosted", "ClusterDataSourceReady", "False"),
        ];
        foreach (var (kind, @namespace, name, condition, status) in all)
            await FaultFleet.UntilAsync(client, kind, @namespace, name, o => o.Is(condition, status), 90);
        foreach (var template in (string[])["from-bucket", "from-oci"])
            await FaultFleet.UntilAsync(client, "ServiceTemplate", "canaries", template, o => o.At("status", "validationError") is not null, 90);
    }

    /// <summary>Secrets that were made meanwhile: by Fleet, by its database, by the provider that people sign in by.</summary>
    private static async Task<IReadOnlyList<Canary>> MadeAsync(Installation fleet, OidcProvider provider)
    {
        var kubeconfig = await File.ReadAllTextAsync(await fleet.KubeconfigOfAsync("one", "canaries"), TestContext.Current.CancellationToken);
        var rest = (string)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(fleet.Data, "run", "endpoints.json"), TestContext.Current.CancellationToken))!["rest"]!;
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(rest) };
        // The secret of the client goes to the provider, which wants none of this one.
        var back = await provider.SignInAsync((await http.GetAsync(new Uri("/api/v1/auth/login", UriKind.Relative))).Headers.Location!, "alice");
        using var refused = await http.GetAsync(back);
        Assert.DoesNotContain(CanaryManifests.OidcClient, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var telemetry = (await fleet.FleetAsync("telemetry", "tokens", "create", "canaries/one")).MustSucceed().Out;
        telemetry = telemetry[telemetry.IndexOf("flt_", StringComparison.Ordinal)..].Split()[0].Trim('"', ',');
        // Used, and used wrongly.
        using var sent = await SendAsync(http, "/v1/logs", telemetry);
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        using var person = await SendAsync(http, "/api/v1/clusters", telemetry);
        Assert.Equal(HttpStatusCode.Unauthorized, person.StatusCode);
        return [Canary.Of("the key of the cluster's kubeconfig", kubeconfig), new("the token of telemetry", Encoding.UTF8.GetBytes(telemetry))];
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, string path, string token)
    {
        var request = new HttpRequestMessage(path.EndsWith("logs", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, path) { Headers = { Authorization = new("Bearer", token) } };
        if (request.Method == HttpMethod.Post)
            request.Content = new StringContent("""{"resourceLogs":[]}""", Encoding.UTF8, "application/json");
        return http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<string> DatabasePasswordAsync(Installation fleet) =>
        (await File.ReadAllTextAsync(Path.Combine(fleet.Data, "postgres.password"), TestContext.Current.CancellationToken)).Trim();

    /// <summary>Every table of the fleet's database, as text.</summary>
    private static async Task<string> DatabaseAsync(Installation fleet)
    {
        var port = (await File.ReadAllLinesAsync(Path.Combine(fleet.Data, "postgres", "postmaster.pid"), TestContext.Current.CancellationToken))[3];
        return (await ProcessOutput.RunAsync(
            Path.Combine(RealParts.PostgresBin, "pg_dump"), ["-h", "127.0.0.1", "-p", port, "-U", "fleet", "fleet"],
            environment: new Dictionary<string, string?> { ["PGPASSWORD"] = await DatabasePasswordAsync(fleet) })).MustSucceed().Out;
    }

    /// <summary>The archive's bytes as text. It has every Secret in it, and must not show one.</summary>
    private static async Task<string> BackupAsync(Installation fleet)
    {
        var folder = Path.Combine(Path.GetDirectoryName(fleet.Write("backup.key", new string('5', 64)))!, "backups");
        await OutAsync(fleet.FleetAsync("backup", "create", "canaries", "--to", folder, "--key-file", fleet.Write("backup.key", new string('5', 64))));
        return string.Concat(Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))));
    }

    private static string Processes(Installation fleet) => string.Join('\n', Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Select(folder =>
    {
        try
        {
            var line = File.ReadAllText(Path.Combine(folder, "cmdline"));
            return line.Contains(fleet.Data, StringComparison.Ordinal) ? line + "\n" + File.ReadAllText(Path.Combine(folder, "environ")) : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile.
            return "";
        }
    }));

    private static async Task ApplyAsync(Installation fleet, string yaml) =>
        (await fleet.KubectlAsync(fleet.Kubeconfig, "apply", "-f", fleet.Write("canaries.yaml", yaml))).MustSucceed();

    private static async Task<string> OutAsync(Task<ProcessOutput> running) => await running is var output ? output.Out + output.Error : "";

    /// <summary>Command lines and environments of every helm that was seen running.</summary>
    private static string CommandLines(CancellationToken ct)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!ct.IsCancellationRequested)
        {
            foreach (var folder in Directory.EnumerateDirectories("/proc"))
            {
                if (!char.IsAsciiDigit(Path.GetFileName(folder)[0]))
                    continue;
                try
                {
                    if (File.ReadAllText(Path.Combine(folder, "comm")).Trim() == "helm")
                        seen.Add(File.ReadAllText(Path.Combine(folder, "cmdline")) + "\n" + File.ReadAllText(Path.Combine(folder, "environ")));
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // Ended meanwhile.
                    continue;
                }
            }
            ct.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(10));
        }
        return string.Join('\n', seen);
    }
}
