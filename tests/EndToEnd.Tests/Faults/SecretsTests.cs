using System.Text;
using Fleet.Testing;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;

namespace Fleet.EndToEnd.Tests.Faults;

/// <summary>Canaries in every Secret that Fleet reads; whatever people or other programs can see is searched for them.</summary>
public sealed class SecretsTests
{
    private static readonly string[] Canaries = ["canary-identity-5f1c", "canary-aws-9d2e", "Canary_Values_77ab", "canary-repository-c3d4", "canary-receiver-1b7e"];

    /// <summary>The API refuses the name and quotes it: helm's words carry the secret.</summary>
    private const string Quoting = """
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: {{ .Values.secretName | quote }} }
        """;

    [Fact]
    public async Task No_secret_is_in_logs_events_statuses_outputs_or_command_lines()
    {
        await using var repository = await HelmHttpRepository.StartAsync("charts-user", Canaries[3]);
        using var charts = new TemporaryFolder("charts");
        charts.Write("quoting/Chart.yaml", "apiVersion: v2\nname: quoting\nversion: 1.0.0\n");
        charts.Write("quoting/values.yaml", "secretName: fine\n");
        charts.Write("quoting/templates/all.yaml", Quoting);
        await repository.AddAsync(charts.File("quoting"));
        await using var fleet = new Installation();
        (await fleet.FleetAsync("up")).MustSucceed();
        using var client = FaultFleet.Connect(fleet.Kubeconfig);

        using var watching = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var commandLines = Task.Run(() => CommandLines(watching.Token));
        await ApplyAsync(fleet, Manifests(repository.Address));
        await FaultFleet.UntilAsync(client, "ClusterDeployment", "canaries", "one", o => o.Is("Ready", "True") && o.State("quoting") == "Failed", 90);
        var seen = await FaultFleet.UntilAsync(client, "ClusterDeployment", "canaries", "one", o => o.State("fine") == "Deployed", 90);
        // The message is there, and where the secret was stands something else.
        Assert.Contains("***", seen.Failure("quoting"), StringComparison.Ordinal);
        // A wrong secret must not be quoted either.
        await ApplyAsync(fleet, Secret("broken", $"values: '{{ {Canaries[2]}: ['"));
        await FaultFleet.UntilAsync(client, "ClusterDeployment", "canaries", "one", o => o.Failure("broken").Contains("valuesFrom", StringComparison.Ordinal), 90);

        // Told of an alert where nobody listens: what failed is kept in the database.
        await fleet.FleetAsync("alerts", "test", "canaries/nobody");
        var places = new Dictionary<string, string>
        {
            ["database"] = await DatabaseAsync(fleet),
            ["backup"] = await BackupAsync(fleet),
            ["command lines of fleetd and of the database"] = Processes(fleet),
            ["fleetd.log"] = await File.ReadAllTextAsync(fleet.Log, TestContext.Current.CancellationToken),
            ["events"] = await OutAsync(fleet.KubectlAsync(fleet.Kubeconfig, "get", "events", "-A", "-o", "yaml")),
            ["objects"] = await OutAsync(fleet.KubectlAsync(fleet.Kubeconfig, "get", "cld,servicesets,servicetemplates,clustertemplates,credentials,helmrepositories,configmaps", "-A", "-o", "yaml")),
        };
        string[][] commands = [["get", "clusters"], ["get", "services"], ["get", "clusters", "-o", "yaml"], ["describe", "cluster", "one", "-n", "canaries"], ["logs"], ["doctor"]];
        foreach (var command in commands)
            places[string.Join(' ', command)] = await OutAsync(fleet.FleetAsync(command));
        (await fleet.FleetAsync("delete", "cluster", "one", "-n", "canaries", "--timeout", "60")).MustSucceed();
        await watching.CancelAsync();
        var helms = await commandLines;
        Assert.Contains("upgrade", helms, StringComparison.Ordinal);
        places["command lines of helm"] = helms;
        Assert.Contains("canaries", places["database"], StringComparison.Ordinal);
        Assert.Contains("fleetd", places["command lines of fleetd and of the database"], StringComparison.Ordinal);
        string[] secrets = [.. Canaries, await DatabasePasswordAsync(fleet)];
        foreach (var (place, text) in places)
            foreach (var canary in secrets)
                foreach (var form in new[] { canary, Convert.ToBase64String(Encoding.UTF8.GetBytes(canary)) })
                    Assert.False(text.Contains(form, StringComparison.Ordinal), $"{canary} is in {place}");
    }

    private static string Manifests(Uri repository) => FaultFleet.Team("canaries").Replace("made-up", Canaries[0], StringComparison.Ordinal)
        + Secret("aws", $"SecretAccessKey: {Canaries[1]}, AccessKeyID: canary-aws-id")
        + Secret("values", $"values: 'secretName: {Canaries[2]}'")
        + Secret("broken", "values: 'secretName: fine-too'")
        + Secret("receiver", $"token: {Canaries[4]}")
        + """
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Receiver
        metadata: { name: nobody, namespace: canaries }
        spec: { webhook: { url: "http://127.0.0.1:1/", bearerTokenSecret: { name: receiver, key: token } } }
        ---

        """
        + Secret("repository", $"username: charts-user, password: {Canaries[3]}")
        + $$"""
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: { name: charts, namespace: canaries }
        spec: { url: "{{repository}}", interval: 10m, secretRef: { name: repository } }
        ---

        """ + FaultFleet.ServiceTemplate("canaries", "quoting", "1.0.0")
        + FaultFleet.Cluster("canaries", """
            { name: fine, namespace: fine, template: quoting-1-0-0 },
            { name: quoting, namespace: quoting, template: quoting-1-0-0, valuesFrom: [{ kind: Secret, name: values }] },
            { name: broken, namespace: broken, template: quoting-1-0-0, valuesFrom: [{ kind: Secret, name: broken }] }
            """);

    private static string Secret(string name, string data) => $$"""
        apiVersion: v1
        kind: Secret
        metadata: { name: {{name}}, namespace: canaries }
        stringData: { {{data}} }
        ---

        """;

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
