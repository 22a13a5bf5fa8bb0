using Fleet.Contracts.Api;
using Fleet.Contracts.Services;
using Fleet.Helm.Releases;
using Fleet.StateManager.ServiceSets;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Previews;

/// <summary>A plan in words: what would be done with each service and why. Pure.</summary>
internal static class StepViewsFrom
{
    public static ServiceStepView Of(ServiceSet set, PlannedService planned)
    {
        var (action, reason) = Step(planned);
        return new()
        {
            ServiceNamespace = planned.Release.Namespace,
            Name = planned.Release.Name,
            ServiceSet = set.Metadata.Name ?? "",
            Action = action,
            Reason = reason,
            State = planned.State,
        };
    }

    private static (string Action, string? Reason) Step(PlannedService planned) => planned.Action switch
    {
        ServiceAction.Upgrade when planned.Facts.Record is null or { State: ReleaseState.Uninstalled } => (ServiceStepActions.Install, "the cluster has no such release"),
        ServiceAction.Upgrade => (ServiceStepActions.Upgrade, WhyUpgrade(planned)),
        ServiceAction.Rollback => (ServiceStepActions.Rollback, planned.Held),
        ServiceAction.Uninstall => (ServiceStepActions.Uninstall, planned.Facts.Wanted is null ? "it is no longer declared" : planned.Facts.Wanted.HelmAction == "Uninstall" ? "it is declared to be uninstalled" : "its ServiceSet goes"),
        ServiceAction.Forget => (ServiceStepActions.None, "it is gone"),
        _ when planned.IsInPlace || planned.State is ServiceStates.Deployed or ServiceStates.Deleted => (ServiceStepActions.None, planned.Held ?? planned.Message),
        _ => (ServiceStepActions.Wait, planned.Message ?? planned.Held),
    };

    private static string WhyUpgrade(PlannedService planned)
    {
        var record = planned.Facts.Record!.Value;
        if (record.IsPending)
            return $"revision {record.Revision} was cut off and is {ReleaseStates.Text(record.State)}";
        if (DeployedHash.Parse(planned.Facts.Last?.LastDeployedHash) is not { } known)
            return $"release {planned.Release} is there at revision {record.Revision}, which was not made for this ServiceSet";
        if (known.Fingerprint != planned.Fingerprint)
            return $"chart, values or options are not those of revision {known.Revision}";
        return record.Revision == known.Revision
            ? $"revision {record.Revision} is {ReleaseStates.Text(record.State)}"
            : $"somebody else has made revision {record.Revision}; Fleet's is {known.Revision}";
    }
}
