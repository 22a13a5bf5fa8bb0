using Fleet.Testing;
using Fleet.Testing.Processes;

namespace Fleet.Api.Tests.Tenants;

/// <summary>The same roles with the program that people type: what it does with their token is what they may do, over the management API and over REST.</summary>
public sealed class RolesOnTheCommandLineTests
{
    private const int AtOnce = 4;

    private static readonly (string Letter, string Role, bool Everywhere)[] Roles =
        [("v", "namespace-viewer", false), ("e", "namespace-editor", false), ("a", "namespace-admin", false), ("V", "global-viewer", true), ("A", "global-admin", true)];

    [Fact]
    public async Task Each_role_may_what_its_name_says_on_the_command_line()
    {
        await using var tenants = await TwoTenants.StartAsync("embedded");
        using var home = new TemporaryFolder("roles");
        (string Who, string[] Words)[] commands =
        [
            ("veaVA", ["get", "clusters", "mine", "-n", tenants.Mine]),
            ("VA", ["get", "clusters", TwoTenants.Name, "-n", tenants.Theirs]),
            ("eaA", ["pause", "cluster", "mine", "-n", tenants.Mine]),
            ("A", ["pause", "cluster", TwoTenants.Name, "-n", tenants.Theirs]),
            ("aVA", ["audit", "list", "--namespace", tenants.Mine]),
            ("VA", ["audit", "list", "--namespace", tenants.Theirs]),
        ];
        var runs = new List<(string Letter, string Kubeconfig, string Who, string[] Words)>();
        foreach (var (letter, role, everywhere) in Roles)
        {
            var token = (await tenants.CallerAsync(role, everywhere)).DefaultRequestHeaders.Authorization!.Parameter;
            var kubeconfig = home.Write($"{role}.yaml",
                $$$"""
                {apiVersion: v1, kind: Config, current-context: it, contexts: [{name: it, context: {cluster: it, user: it}}],
                 clusters: [{name: it, cluster: {server: '{{{tenants.Host.Server.Server.AbsoluteUri.TrimEnd('/')}}}', insecure-skip-tls-verify: true}}], users: [{name: it, user: {token: '{{{token}}}'}}]}
                """);
            runs.AddRange(commands.Select(command => (letter, kubeconfig, command.Who, command.Words)));
        }

        var environment = new Dictionary<string, string?> { ["XDG_CONFIG_HOME"] = home.FullPath, ["FLEET_DATA"] = home.File("none"), ["FLEET_REST"] = tenants.Host.Address.AbsoluteUri, ["KUBECONFIG"] = null };
        var wrong = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(runs, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (run, _) =>
        {
            var said = await ProcessOutput.RunAsync(
                "dotnet", [Path.Combine(AppContext.BaseDirectory, "fleet.dll"), .. run.Words, "--kubeconfig", run.Kubeconfig], timeout: TimeSpan.FromMinutes(3), environment: environment);
            var (may, text) = (run.Who.Contains(run.Letter, StringComparison.Ordinal), said.Out + said.Error);
            if ((said.ExitCode == 0) != may || (!may && !text.Contains("forbidden", StringComparison.OrdinalIgnoreCase) && !text.Contains("may not", StringComparison.Ordinal)))
                wrong.Add($"{run.Letter} fleet {string.Join(' ', run.Words)}: {said.ExitCode} {text}");
            // Whoever may not is told no more than that.
            if (!may && text.Contains(TwoTenants.Inner, StringComparison.Ordinal))
                wrong.Add($"{run.Letter} fleet {string.Join(' ', run.Words)} shows {text}");
        });
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong));
    }
}
