using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.EndToEnd.Tests.Faults;
using Fleet.Testing;
using Fleet.Testing.Processes;

namespace Fleet.EndToEnd.Tests;

/// <summary>Each of the roles may by <c>fleet</c> what its name says, and nothing more: the program as a process, with a kubeconfig of that role and nothing of the fleet's own.</summary>
[Collection(OneFleet.Name)]
public sealed partial class CommandLineRolesTests(FaultFleet fleet)
{
    /// <summary>By the letters of <c>RolesTests</c>: v(iewer), e(ditor), a(dmin) of the namespace crew, V(iewer) and A(dmin) of the fleet.</summary>
    private static readonly (char Letter, string Role, bool Everywhere)[] Roles =
        [('v', "namespace-viewer", false), ('e', "namespace-editor", false), ('a', "namespace-admin", false), ('V', "global-viewer", true), ('A', "global-admin", true)];

    [Fact]
    public async Task Each_role_may_by_the_command_line_what_its_name_says()
    {
        await fleet.ApplyAsync(FaultFleet.Team("crew") + FaultFleet.Cluster("crew") + FaultFleet.Team("strangers") + FaultFleet.Cluster("strangers") + string.Concat(Roles.Select(Bound)) + """
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ManagementBackup
            metadata: { name: roles }
            spec: { schedule: "0 3 1 1 *", folder: roles, suspend: true }
            """);
        await fleet.ReadyAsync("crew");
        await fleet.ReadyAsync("strangers");

        // Roles do not meet: none looks at what another one changes.
        var wrong = await Task.WhenAll(Roles.Select(async role => await TryAllAsync(role.Letter, role.Role)));
        Assert.True(wrong.All(list => list.Count == 0), string.Join('\n', wrong.SelectMany(list => list)));
        foreach (var (letter, role, _) in Roles)
            Assert.Equal("eaA".Contains(letter, StringComparison.Ordinal), await fleet.FindAsync("ClusterDeployment", "crew", $"spare-{role}") is null);
    }

    /// <summary>Who may what. Each role has clusters to change and files to apply of its own.</summary>
    private static (string Who, string[] Words)[] Commands(string role) =>
    [
        ("veaVA", ["whoami"]),
        ("veaVA", ["get", "clusters", "-n", "crew"]),
        ("VA", ["get", "clusters", "-n", "strangers"]),
        ("veaVA", ["describe", "cluster", "crew/one"]),
        ("VA", ["describe", "cluster", "strangers/one"]),
        ("aA", ["get", "secrets", "-n", "crew"]),
        ("aA", ["kubeconfig", "crew/one"]),
        ("A", ["kubeconfig", "strangers/one"]),
        ("eaA", ["pause", "cluster", $"crew/spare-{role}"]),
        ("eaA", ["resume", "cluster", $"crew/spare-{role}"]),
        ("eaA", ["apply", "-f", "scale", "--force-conflicts"]),
        ("A", ["apply", "-f", "scale-strangers", "--force-conflicts"]),
        ("aA", ["apply", "-f", "receiver"]),
        ("A", ["apply", "-f", "backup"]),
        ("eaA", ["alerts", "silence", $"alertname={role}", "--for", "1h", "--comment", "x", "-n", "crew"]),
        ("A", ["alerts", "silence", $"alertname={role}", "--for", "1h", "--comment", "x", "-n", "strangers"]),
        ("aVA", ["audit", "list", "--namespace", "crew"]),
        ("VA", ["backup", "list"]),
        ("A", ["backup", "schedule", "run-now", "roles"]),
        ("eaA", ["delete", "cluster", $"spare-{role}", "-n", "crew", "--timeout", "60"]),
        ("A", ["delete", "cluster", $"spare-{role}", "-n", "strangers", "--timeout", "60"]),
    ];

    private async Task<List<string>> TryAllAsync(char letter, string role)
    {
        using var home = new TemporaryFolder("role");
        var environment = new Dictionary<string, string?>
        {
            ["KUBECONFIG"] = home.Write("kubeconfig", await KubeconfigAsync(role)), ["FLEET_REST"] = await RestAsync(), ["FLEET_DATA"] = home.File("none"), ["XDG_CONFIG_HOME"] = home.FullPath,
            ["FLEET_KEYRING"] = "file", ["NO_COLOR"] = "1",
        };
        home.Write("scale", Spare(role, "crew", workers: 2));
        home.Write("scale-strangers", Spare(role, "strangers", workers: 2));
        home.Write("receiver", $"{{apiVersion: k0rdent.mirantis.com/v1beta1, kind: Receiver, metadata: {{name: {role}, namespace: crew}}, spec: {{webhook: {{url: 'https://example.org/'}}}}}}");
        home.Write("backup", $"{{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ManagementBackup, metadata: {{name: {role}}}, spec: {{schedule: '0 3 1 1 *', folder: roles, suspend: true}}}}");
        var wrong = new List<string>();
        foreach (var (who, words) in Commands(role))
        {
            var arguments = words[0] == "apply" ? [.. words[..2], home.File(words[2]), .. words[3..]] : words;
            var answer = await ProcessOutput.RunAsync("dotnet", [Installation.Cli, .. arguments], timeout: TimeSpan.FromMinutes(2), environment: environment);
            var text = answer.Out + answer.Error;
            if ((answer.ExitCode == 0) != who.Contains(letter, StringComparison.Ordinal))
                wrong.Add($"{role}: fleet {string.Join(' ', words)} ends with {answer.ExitCode}: {text}");
            // Refused, with the reason: not failed by something else, and without a stack trace.
            else if (answer.ExitCode != 0 && (!Refusal().IsMatch(text) || text.Contains("   at ", StringComparison.Ordinal)))
                wrong.Add($"{role}: fleet {string.Join(' ', words)} fails otherwise: {text}");
            if (words[0] == "kubeconfig" && answer.ExitCode == 0)
                Assert.True(IsVerified(answer.Out), "the cluster's kubeconfig has no authority");
        }

        return wrong;
    }

    /// <summary>The server and its authority as the administrator's kubeconfig has them, with a token of the role.</summary>
    private async Task<string> KubeconfigAsync(string role)
    {
        var admin = await File.ReadAllTextAsync(fleet.Fleet.Kubeconfig);
        Assert.True(IsVerified(admin), "the administrator's kubeconfig has no authority");
        var request = new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenRequest", ["spec"] = new JsonObject { ["expirationSeconds"] = 3600 } };
        var made = await ProcessOutput.RunAsync(
            RealParts.Kubectls[0].Path, ["--kubeconfig", fleet.Fleet.Kubeconfig, "create", "--raw", $"/api/v1/namespaces/crew/serviceaccounts/{role}/token", "-f", "-"], input: request.ToJsonString());
        var token = (string)JsonNode.Parse(made.MustSucceed().Out)!["status"]!["token"]!;
        return $$"""
            apiVersion: v1
            kind: Config
            current-context: it
            contexts: [{ name: it, context: { cluster: it, user: it } }]
            clusters: [{ name: it, cluster: { server: {{Server().Match(admin).Groups[1].Value}}, certificate-authority-data: {{Authority().Match(admin).Groups[1].Value}} } }]
            users: [{ name: it, user: { token: {{token}} } }]
            """;
    }

    private static bool IsVerified(string kubeconfig) => Authority().IsMatch(kubeconfig) && !kubeconfig.Contains("insecure-skip-tls-verify", StringComparison.Ordinal);

    private async Task<string> RestAsync() => (string)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(fleet.Fleet.Data, "run", "endpoints.json")))!["rest"]!;

    /// <summary>A ServiceAccount with the role, in crew or everywhere, and clusters for it to change and to delete that need no infrastructure.</summary>
    private static string Bound((char Letter, string Role, bool Everywhere) who) => $$"""
        apiVersion: v1
        kind: ServiceAccount
        metadata: { name: {{who.Role}}, namespace: crew }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: {{(who.Everywhere ? "ClusterRoleBinding" : "RoleBinding")}}
        metadata: { name: crew-{{who.Role}}{{(who.Everywhere ? "" : ", namespace: crew")}} }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: kcm-{{who.Role}}-role }
        subjects: [{ kind: ServiceAccount, name: {{who.Role}}, namespace: crew }]
        ---

        """ + Spare(who.Role, "crew", 1) + Spare(who.Role, "strangers", 1);

    /// <summary>Its credential does not exist, so nothing is made.</summary>
    private static string Spare(string role, string @namespace, int workers) => $$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: { name: spare-{{role}}, namespace: {{@namespace}} }
        spec: { template: simulated-standalone-cp-0-1-0, credential: none, config: { workersNumber: {{workers}} } }
        ---

        """;

    [GeneratedRegex("server: (\\S+)")]
    private static partial Regex Server();

    [GeneratedRegex("certificate-authority-data: ([A-Za-z0-9+/=]{100,})")]
    private static partial Regex Authority();

    [GeneratedRegex("forbidden|may not|not allowed", RegexOptions.IgnoreCase)]
    private static partial Regex Refusal();
}
