using System.Text.Json.Nodes;
using Fleet.Contracts.Api;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;
using Fleet.Helm.Releases;
using Fleet.StateManager.Drift.History;
using Fleet.StateManager.Health;
using Fleet.StateManager.Holds;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Api;

/// <summary>Services and revisions as the API shows them. Pure.</summary>
internal static class ServiceViewsFrom
{
    /// <summary>All that the ServiceSet tells.</summary>
    public static ServiceDetailView Detail(ServiceRow row) => Fill(row, new ServiceDetailView
    {
        Namespace = row.Cluster.Namespace, Cluster = row.Cluster.Name, ServiceNamespace = row.Release.Namespace, Name = row.Release.Name,
        ServiceSet = row.Set.Metadata.Name ?? "", Type = "", Template = "", State = "",
    });

    public static RevisionView Revision(HelmRelease release, ServiceRow row)
    {
        var hold = HoldOf(row);
        var isTheRollback = hold is { Revision: not null } && DeployedHash.Parse(row.State?.LastDeployedHash) is { } known
            && known.Fingerprint == hold.Fingerprint && known.Revision == release.Revision;
        return new()
        {
            Revision = release.Revision,
            Updated = release.Updated,
            Status = ReleaseStates.Text(release.State),
            Chart = Said(release.Chart),
            AppVersion = Said(release.AppVersion),
            Description = Said(release.Description),
            RequestedBy = isTheRollback ? Said(hold!.By) : null,
        };
    }

    public static ServiceHold? HoldOf(ServiceRow row) => ServiceHolds.Of(row.Set.Metadata).Of(row.Release) is { } hold && !hold.IsOver(row.Wanted) ? hold : null;

    public static ServiceSetView Set(ServiceSet set) => new()
    {
        Namespace = set.Metadata.Namespace ?? "",
        Name = set.Metadata.Name ?? "",
        Uid = set.Metadata.Uid,
        ResourceVersion = set.Metadata.ResourceVersion,
        Cluster = ServiceSets.ServiceSetIndex.ClusterOf(set).Name,
        Services = [.. ServiceRow.Of(set).Select(Detail)],
    };

    private static ServiceDetailView Fill(ServiceRow row, ServiceDetailView view)
    {
        var state = row.State;
        var hold = HoldOf(row);
        return view with
        {
            MultiClusterService = Said(row.Set.Spec.MultiClusterService),
            Type = state?.Type ?? ServiceTypes.Helm,
            Template = row.Wanted?.Template ?? state?.Template ?? "",
            Version = Said(state?.Version),
            State = state?.State ?? ServiceStates.Pending,
            Message = Said(state?.FailureMessage) ?? (state is null ? "nobody has looked at it yet" : null),
            Since = state?.LastStateTransitionTime,
            Held = hold is null ? null : new() { Revision = hold.Revision, By = Said(hold.By), Since = hold.Since, Message = hold.Text(row.Wanted) },
            Paused = ServiceSets.ServiceSetFactsReader.IsPaused(row.Set.Metadata),
            Drift = new ConditionSet(state?.Conditions ?? []).Find(ServiceStateConditions.Drifted) is { Status: ConditionStatus.True } drifted ? drifted.Reason.Value : null,
            ResourceVersion = row.Set.Metadata.ResourceVersion,
            Revision = DeployedHash.Parse(state?.LastDeployedHash)?.Revision,
            Conditions = [.. (state?.Conditions ?? []).Select(ConditionView.Of)],
        };
    }

    private static string? Said(string? text) => string.IsNullOrEmpty(text) ? null : text;

    public static ServiceObjectView Object(JsonObject declared) => new()
    {
        ApiVersion = declared["apiVersion"]?.ToString() ?? "",
        Kind = declared["kind"]?.ToString() ?? "",
        Namespace = declared["metadata"]?["namespace"]?.ToString(),
        Name = declared["metadata"]?["name"]?.ToString() ?? "",
    };

    public static ServiceObjectView Object(ObjectHealth health) => new()
    {
        ApiVersion = health.Kind.GroupVersionKind.ApiVersion,
        Kind = health.Kind.Kind,
        Namespace = Said(health.Key.Namespace),
        Name = health.Key.Name,
        Health = health.Verdict.ToString(),
        Message = Said(health.Why),
        Rule = Said(health.Rule),
    };

    public static DriftView Drift(DriftEntry entry) => new()
    {
        Time = entry.Time,
        ApiVersion = entry.ObjectType.ApiVersion,
        Kind = entry.ObjectType.Kind,
        Namespace = entry.Object.Namespace is { Length: > 0 } named ? named : null,
        Name = entry.Object.Name,
        Missing = entry.IsMissing,
        Fields = entry.Fields,
        ChangedBy = entry.ChangedBy,
        ChangedAt = entry.ChangedAt,
        Action = entry.Action.ToString(),
        Detail = entry.Detail,
    };
}
