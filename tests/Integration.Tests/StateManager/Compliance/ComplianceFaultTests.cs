using System.Text.Json.Nodes;
using Fleet.Testing.ApiServers;
using static Fleet.Integration.Tests.StateManager.Compliance.ComplianceEnvironment;
using static Fleet.Integration.Tests.StateManager.StateManagerEnvironment;

namespace Fleet.Integration.Tests.StateManager.Compliance;

/// <summary>Clusters, databases and processes that go and come back.</summary>
public sealed class ComplianceFaultTests(ComplianceEnvironment environment) : IClassFixture<ComplianceEnvironment>
{
    [Fact]
    public async Task A_cluster_that_is_away_keeps_its_figures_marked_exceptions_end_on_them_and_a_new_process_knows_them()
    {
        await using var server = await RealApiServer.StartAsync(durable: true);
        const string name = "away";
        var cluster = await environment.ClusterAsync(name, server);
        await DefineAsync(cluster);
        await WriteAsync(cluster, PodReport("shop", "cart", ("require-labels", "fail"), ("signed", "fail")));
        await environment.ExceptAsync("while-away", name, TimeProvider.System.GetUtcNow().AddDays(1), "\"signed\"");
        using (var rest = await environment.RestAsync())
        {
            await environment.InReportAsync(rest, name, "0 pass 1 fail 1 excepted");
            await server.KillAsync();
            var away = await environment.InReportAsync(rest, name, "0 pass 1 fail 1 excepted stale");
            Assert.NotNull(away["observedAt"]);
            Assert.NotEmpty((string?)away["problem"] ?? "");
            Assert.DoesNotContain("fleet_compliance_findings{cluster=\"away\"", await MetricsAsync(rest), StringComparison.Ordinal);
        }

        // Another process has never seen the cluster; it knows what the last one wrote, and judges it anew.
        await environment.StopServiceAsync();
        await environment.StartServiceAsync();
        using var again = await environment.RestAsync();
        await environment.InReportAsync(again, name, "0 pass 1 fail 1 excepted stale");
        await environment.ExceptAsync("while-away", name, TimeProvider.System.GetUtcNow().AddSeconds(3), "\"signed\"");
        await environment.InReportAsync(again, name, "0 pass 2 fail 0 excepted stale");

        await server.StartAgainAsync();
        await WriteAsync(cluster, PodReport("shop", "cart", ("require-labels", "pass"), ("signed", "fail")));
        Assert.Null((await environment.InReportAsync(again, name, "1 pass 1 fail 0 excepted"))["problem"]);
    }

    [Fact]
    public async Task A_cluster_that_was_never_seen_has_no_figures_and_says_why()
    {
        await environment.DeployAsync("unseen");
        using var rest = await environment.RestAsync();
        var seen = await EventuallyAsync(() => environment.InReportAsync(rest, "unseen"), row => ((string?)row?["problem"])?.Contains("no kubeconfig", StringComparison.Ordinal) == true, "it says why");
        Assert.Null(seen!["observedAt"]);
        Assert.True((bool)seen["stale"]!);
    }

    [Fact]
    public async Task What_changes_while_the_database_is_away_is_written_when_it_is_back()
    {
        const string name = "unwritten";
        var cluster = await environment.ClusterAsync(name);
        await DefineAsync(cluster);
        await WriteAsync(cluster, PodReport("shop", "cart", ("require-labels", "fail")));
        using var rest = await environment.RestAsync();
        await environment.InReportAsync(rest, name, "0 pass 1 fail 0 excepted");

        await environment.Postgres.KillAsync();
        await EventuallyAsync(
            async () =>
            {
                using var response = await rest.GetAsync(new Uri("/api/v1/compliance", UriKind.Relative));
                return $"{(int)response.StatusCode} {JsonNode.Parse(await response.Content.ReadAsStringAsync())?["type"]}";
            }, said => said == "503 urn:fleet:problem:history-unavailable", "says that it cannot be asked");
        await WriteAsync(cluster, PodReport("shop", "cart", ("require-labels", "pass"), ("signed", "fail")));
        await WriteAsync(cluster, PodReport("shop", "front", ("require-labels", "fail")));
        // Seen, though not written.
        await EventuallyAsync(() => MetricsAsync(rest), text => text.Contains("fleet_compliance_findings{cluster=\"unwritten\",namespace=\"team-a\",result=\"fail\"} 2", StringComparison.Ordinal), "the clusters are looked at");
        await environment.Postgres.StartServerAsync();
        await environment.InReportAsync(rest, name, "1 pass 2 fail 0 excepted");

        // The same for a process that starts without one.
        await environment.StopServiceAsync();
        await environment.Postgres.KillAsync();
        await environment.StartServiceAsync();
        await WriteAsync(cluster, PodReport("shop", "front", ("require-labels", "pass")));
        await environment.Postgres.StartServerAsync();
        using var again = await environment.RestAsync();
        await environment.InReportAsync(again, name, "2 pass 1 fail 0 excepted");
    }

    private static Task<string> MetricsAsync(HttpClient rest) => rest.GetStringAsync(new Uri("/metrics", UriKind.Relative));
}
