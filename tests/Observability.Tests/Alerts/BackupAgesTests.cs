using System.Text.Json.Nodes;
using Fleet.Contracts.Alerts;
using Fleet.Observability.Alerts.Rules;
using Fleet.Observability.Alerts.Sources;

namespace Fleet.Observability.Tests.Alerts;

public sealed class BackupAgesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"lastSuccess":"2026-11-21T12:00:00Z"}""", 24)]
    // A failed attempt makes nothing younger; one that upstream calls completed does.
    [InlineData("""{"lastSuccess":"2026-11-21T12:00:00Z","lastBackup":{"phase":"Failed","completionTimestamp":"2026-11-22T11:00:00Z"}}""", 24)]
    [InlineData("""{"lastBackup":{"phase":"Failed","completionTimestamp":"2026-11-22T11:00:00Z"}}""", 48)]
    [InlineData("""{"lastBackup":{"phase":"Completed","completionTimestamp":"2026-11-22T11:00:00Z"}}""", 1)]
    [InlineData("""{}""", 48)]
    [InlineData("null", 48)]
    public void The_newest_whole_backup_counts(string status, double hours)
    {
        var sample = Assert.Single(BackupAges.SamplesOf([Backup("nightly", "0 2 * * *", status)], Now));
        Assert.Equal((TimeSpan.FromHours(hours).TotalSeconds, "nightly"), (sample.Value, sample.Labels["backup"]));
        var rule = new AlertRuleEntry { Alert = "BackupOld", Backup = new() { OlderThan = "26h" } };
        Assert.Equal(hours > 26, new RuleBinding(new() { Rules = [rule] }, rule).Bind([sample], _ => null).Count == 1);
    }

    [Fact]
    public void What_was_made_once_may_grow_old() => Assert.Empty(BackupAges.SamplesOf([Backup("once", "", "{}"), Backup("gone", "0 2 * * *", "{}", ",\"deletionTimestamp\":\"2026-11-22T11:00:00Z\"")], Now));

    private static JsonObject Backup(string name, string schedule, string status, string more = "") => (JsonObject)JsonNode.Parse(
        $$$"""{"metadata":{"name":"{{{name}}}","creationTimestamp":"2026-11-20T12:00:00Z"{{{more}}} },"spec":{"schedule":"{{{schedule}}}"},"status":{{{status}}} }""")!;
}
