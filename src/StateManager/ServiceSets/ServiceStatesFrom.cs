using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;
using Fleet.Control.Health;
using Fleet.Control.Status;
using Fleet.StateManager.Drift;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.ServiceSets;

/// <summary>The state of each service from plan and results. Pure. Steps without a result yet are shown as under way.</summary>
internal static class ServiceStatesFrom
{
    /// <summary>Long enough for what Helm says about one object, short enough for a status with a hundred services.</summary>
    private const int LongestMessage = 2048;

    public static List<ServiceState> All(ServiceSetPlan plan, IReadOnlyCollection<ServiceResult> results, DateTimeOffset now)
    {
        var byRelease = results.ToDictionary(r => r.Release);
        var states = new List<ServiceState>();
        foreach (var planned in plan.Services)
        {
            var result = byRelease.GetValueOrDefault(planned.Release);
            var uninstalled = planned.Action == ServiceAction.Uninstall && result is { Error: null };
            if (planned.Action == ServiceAction.Forget || (uninstalled && planned.Facts.Wanted?.HelmAction != "Uninstall"))
                continue;
            states.Add(State(planned, result, now));
        }
        return states;
    }

    private static ServiceState State(PlannedService planned, ServiceResult? result, DateTimeOffset now)
    {
        var last = planned.Facts.Last;
        var wanted = planned.Facts.Wanted;
        var (state, message) = Verdict(planned, result);
        var succeeded = result is { Error: null, Revision: > 0 };
        return new ServiceState
        {
            Type = planned.Facts.Type,
            Name = planned.Release.Name,
            Namespace = planned.Release.Namespace,
            Template = wanted?.Template ?? last?.Template ?? "",
            // The version that runs and is healthy, not the one that is wanted: upgrades of dependents wait for it, and so does upstream's own stamp.
            Version = result?.Version is { } rolledBack ? rolledBack
                : state == ServiceStates.Deployed && (succeeded || planned.IsInPlace) ? (planned.Facts.Source as ServiceSource.Found)?.Version ?? last?.Version : last?.Version,
            State = state,
            FailureMessage = message is { Length: > LongestMessage } ? message[..LongestMessage] + "…" : message,
            LastDeployedHash = succeeded ? new DeployedHash(planned.Fingerprint, result!.Revision).ToString()
                : planned is { IsInPlace: true, Facts.Record: { } standing } ? new DeployedHash(planned.Fingerprint, standing.Revision).ToString() : last?.LastDeployedHash,
            LastStateTransitionTime = last is not null && last.State == state ? last.LastStateTransitionTime : StatusTime.Of(now),
            Conditions = Conditions(planned, result, last, now),
        };
    }

    private static List<Condition>? Conditions(PlannedService planned, ServiceResult? result, ServiceState? last, DateTimeOffset now)
    {
        var others = last?.Conditions?.Where(condition => !IsOurs(condition.Type) && (planned.Drift is null || condition.Type != ServiceStateConditions.Drifted)).ToList() ?? [];
        if (planned.Drift is { } drift && DriftConditionFrom.Of(drift) is { } drifted)
            others.Add(drifted with { LastTransitionTime = last?.Conditions?.Find(c => c.Type == drifted.Type)?.LastTransitionTime ?? StatusTime.Of(now) });
        if (planned.Facts.Source is ServiceSource.Blocked { IsIncompatible: true } unfit)
        {
            var before = last?.Conditions?.Find(condition => condition.Type == ServiceStateConditions.KubernetesCompatible);
            others.Add(Condition.False(ServiceStateConditions.KubernetesCompatible, Reason.Failed, unfit.Message) with
            {
                LastTransitionTime = before?.LastTransitionTime ?? StatusTime.Of(now),
            });
        }
        if (planned.Held is { } held)
        {
            var before = last?.Conditions?.Find(condition => condition.Type == ServiceStateConditions.Held);
            others.Add(Condition.True(ServiceStateConditions.Held, planned.Facts.Hold is { Revision: not null } ? ServiceStateConditions.RolledBack : Reason.Paused, held) with
            {
                LastTransitionTime = before?.LastTransitionTime ?? StatusTime.Of(now),
            });
        }
        foreach (var kind in (result is { Error: null } ? result.Health : planned.Facts.Health).Kinds)
        {
            var type = ServiceStateConditions.HealthOf(kind.Kind);
            var before = last?.Conditions?.Find(condition => condition.Type == type);
            others.Add(Condition.False(type, new Reason($"{kind.Kind}Unhealthy"), kind.Message) with { LastTransitionTime = before?.LastTransitionTime ?? StatusTime.Of(now) });
        }
        return others.Count == 0 && last?.Conditions is null ? null : others;
    }

    private static bool IsOurs(ConditionType type) =>
        type == ServiceStateConditions.KubernetesCompatible || type == ServiceStateConditions.Held || ServiceStateConditions.IsHealth(type);

    private static (string State, string? Message) Verdict(PlannedService planned, ServiceResult? result)
    {
        if (result is null)
            return (planned.State, planned.Message);
        if (planned.Action == ServiceAction.Uninstall)
            return result.Error is null ? (ServiceStates.Deleted, null) : (ServiceStates.Deleting, result.Error);
        if (result.Error is not null)
            return (ServiceStates.Failed, result.Error);
        return result.Health.Verdict switch
        {
            WorkloadVerdict.Healthy when planned.Action == ServiceAction.Rollback => (ServiceStates.Pending, planned.Held),
            WorkloadVerdict.Healthy when result.Health.IsPartial => (ServiceStates.Provisioning, "its objects are being looked at"),
            WorkloadVerdict.Healthy => (ServiceStates.Deployed, null),
            WorkloadVerdict.Failed => (ServiceStates.Failed, result.Health.Message),
            _ => (ServiceStates.Provisioning, result.Health.Message),
        };
    }
}
