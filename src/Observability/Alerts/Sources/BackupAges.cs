using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Alerts;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Alerts.Matching;

namespace Fleet.Observability.Alerts.Sources;

/// <summary>
/// How old the newest whole backup of each schedule is. One whose first backup has never come counts from its own beginning on; one that is suspended still grows older, since the fleet is without a
/// backup all the same. Read as JSON: the kind is also Velero's users', who have it from elsewhere.
/// </summary>
internal sealed class BackupAges(IKubernetesClient management) : IAlertSource
{
    private const string Kind = "ManagementBackup";

    public bool IsFor(AlertRuleEntry rule) => rule.Backup is not null;

    public async Task<IReadOnlyList<SourceSample>> AskAsync(SourceQuestion question, CancellationToken ct)
    {
        if (!question.IsSystem)
            throw new AlertSourceException("backups are of the whole fleet: only rules in its system namespace look at them", isMissing: true);
        try
        {
            if (await management.FindKindAsync(GroupVersionKind.Parse($"{FleetApi.Group}/{FleetApi.Version}", Kind), ct) is not { } kind)
                throw new AlertSourceException("this fleet has no ManagementBackups, so nothing is known of their age", isMissing: true);
            var samples = SamplesOf((await management.Dynamic(kind).ListAsync(ListOptions.All, ct)).Items.Select(backup => backup.Root), question.Now);
            return samples.Count > 0 ? samples : throw new AlertSourceException("no ManagementBackup has a schedule, so nothing makes backups", isMissing: true);
        }
        catch (KubeApiException e)
        {
            throw new AlertSourceException($"management API: {e.Message}");
        }
    }

    /// <summary>Of those with a schedule: what is made once by hand grows old by intention. Pure.</summary>
    internal static IReadOnlyList<SourceSample> SamplesOf(IEnumerable<JsonObject> backups, DateTimeOffset now) =>
    [
        .. backups.Where(backup => (string?)backup["spec"]?["schedule"] is { Length: > 0 } && backup["metadata"]!["deletionTimestamp"] is null)
            .Select(backup => new SourceSample(AlertLabels.None.SetItem("backup", (string)backup["metadata"]!["name"]!), (now - NewestOf(backup)).TotalSeconds)),
    ];

    private static DateTimeOffset NewestOf(JsonObject backup)
    {
        var status = backup["status"];
        // Upstream's status has only the newest attempt, which may have failed.
        var whole = (string?)status?["lastBackup"]?["phase"] == "Completed" ? Time(status["lastBackup"]!["completionTimestamp"]) : null;
        return Time(status?["lastSuccess"]) ?? whole ?? Time(backup["metadata"]!["creationTimestamp"]) ?? DateTimeOffset.MinValue;
    }

    private static DateTimeOffset? Time(JsonNode? text) =>
        DateTimeOffset.TryParse((string?)text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
