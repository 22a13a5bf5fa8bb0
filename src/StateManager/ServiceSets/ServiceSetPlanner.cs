using Fleet.Contracts.Services;
using Fleet.Control.Health;
using Fleet.Control.Placement;
using Fleet.Helm.Releases;
using Fleet.Helm.Values;
using Fleet.StateManager.Drift;
using Fleet.StateManager.Holds;
using Fleet.StateManager.Policies;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.ServiceSets;

/// <summary>From facts to plan. Pure.</summary>
internal static class ServiceSetPlanner
{
    /// <summary>
    /// How long workloads may come up before the service counts as Failed: Kubernetes' own default progress deadline of a Deployment.
    /// </summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMinutes(1);

    /// <summary>An object that the cluster did not answer for is asked for again after this.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    /// <summary>So long a person's <c>helm rollback</c> is left to end. One that waits for workloads takes longer, but a rollback of ours that was killed must not wait for minutes.</summary>
    internal static readonly TimeSpan RollbackByHand = TimeSpan.FromSeconds(30);

    public static ServiceSetPlan Plan(ServiceSetFacts facts, DateTimeOffset now) => new()
    {
        Services = ServiceGate.Of(facts.Object.Spec).Through([.. facts.Services.Select(s => Plan(s, facts, now))]),
        AddFinalizer = !facts.IsDeleting && !facts.HasFinalizer && !facts.IsPaused,
        EndHolds = facts.IsDeleting ? [] : ServiceHolds.Of(facts.Object.Metadata).Over(facts.Object.Spec.Services ?? []),
    };

    private static PlannedService Plan(ServiceFacts service, ServiceSetFacts facts, DateTimeOffset now)
    {
        if (facts.IsPaused && !facts.IsDeleting)
            return AsItWas(service, null);
        // Whoever deletes the set wants its services to stay, or there is nobody to remove them from.
        if (facts is { IsDeleting: true, IsOrphan: true })
            return Gone(service, stays: false);
        if (facts is { IsDeleting: true, ClusterGoes: true } && service.Last is { } credentials && PolicyRelease.Is(credentials))
            return Gone(service, stays: false);
        var hold = service.Hold is { } held && !facts.IsDeleting && !held.IsOver(service.Wanted) ? held : null;
        // Also one that is not declared any more: as it is means as it is.
        if (hold is { Revision: null } && (service.Wanted is null || service.Wanted.HelmAction == "Uninstall"))
            return AsItWas(service, hold.Text(service.Wanted)) with { Held = hold.Text(service.Wanted) };
        var isUnwanted = facts.IsDeleting || service.Wanted is null || service.Wanted.HelmAction == "Uninstall";
        if (isUnwanted)
            return PlanRemoval(service, facts, now);
        if (facts.Settings.Problem is { } problem)
            return Keep(service, ServiceStates.Failed, problem);
        if (facts.Settings.Mode == SyncMode.DryRun)
            return Keep(service, service.Last?.State ?? ServiceStates.Pending, "syncMode is DryRun: nothing is installed or changed");
        return facts.Target.State == TargetState.Reachable
            // A person wants it as it is: drift is shown, not corrected.
            ? hold is null ? PlanRelease(service, facts, now) : WithDrift(PlanHeld(service, hold, facts, now), SyncMode.Continuous, now)
            : AsItWas(service, facts.Target.Message) with { Held = hold?.Text(service.Wanted) };
    }

    /// <summary>What is held is not Deployed unless it is what is declared: whoever waits for the declaration waits on.</summary>
    private static PlannedService PlanHeld(ServiceFacts service, ServiceHold hold, ServiceSetFacts facts, DateTimeOffset now)
    {
        var text = hold.Text(service.Wanted);
        if (service.OwnedBy is not null)
            return PlanRelease(service, facts, now) with { Held = text };
        if (service.Record is null)
            return Keep(service, ServiceStates.Pending, $"{text}; the cluster has no release {service.Release}") with { Held = text };
        if (hold.Revision is null)
        {
            var fingerprint = service.Source is ServiceSource.Found source ? FingerprintOf(service, source, facts.Target.Uid) : "";
            return IsUntouched(service, fingerprint)
                ? PlanSteady(service, now) with { Fingerprint = fingerprint, IsInPlace = true, Held = text }
                : Standing(service, text);
        }
        if (IsUntouched(service, hold.Fingerprint))
            return Standing(service, text) with { Fingerprint = hold.Fingerprint };
        // The revision that the rollback made is the same, and is still there when Helm's history has let go of the one that it went back to.
        var made = DeployedHash.Parse(service.Last?.LastDeployedHash) is { } known && known.Fingerprint == hold.Fingerprint ? known.Revision : hold.Revision.Value;
        return Run(service, ServiceAction.Rollback, hold.Fingerprint, facts, now) with { Held = text, ToRevision = made };
    }

    /// <summary>It runs, but not as declared, because a person wants it so.</summary>
    private static PlannedService Standing(ServiceFacts service, string text) => service.Health.Verdict == WorkloadVerdict.Failed
        ? Keep(service, ServiceStates.Failed, $"{service.Health.Message}; {text}") with { Held = text }
        : Keep(service, ServiceStates.Pending, service.Health.Message is { Length: > 0 } why ? $"{text}; {why}" : text) with { Held = text };

    /// <summary>What is in the cluster cannot be seen or must not be touched: the last state stands, a new service waits.</summary>
    private static PlannedService AsItWas(ServiceFacts service, string? why) => new()
    {
        Facts = service,
        Action = ServiceAction.Keep,
        State = service.Last?.State ?? ServiceStates.Pending,
        Message = service.Last is { } last && last.State != ServiceStates.Pending ? last.FailureMessage : why,
    };

    private static PlannedService PlanRelease(ServiceFacts service, ServiceSetFacts facts, DateTimeOffset now)
    {
        if (service.OwnedBy is { } other)
            return Keep(service, ServiceStates.Failed, $"release {service.Release} is managed by ServiceSet {other} already");
        if (facts.Settings.Mode == SyncMode.OneTime && DeployedHash.Parse(service.Last?.LastDeployedHash) is not null)
            return PlanOnce(service, now);
        if (service.Source is ServiceSource.Blocked { IsIncompatible: true } unfit)
            return Keep(service, service.Record is null ? ServiceStates.Pending : service.Last?.State ?? ServiceStates.Pending, unfit.Message);
        if (service.Source is ServiceSource.Blocked blocked)
            return Keep(service, blocked.IsFault ? ServiceStates.Failed : ServiceStates.Pending, blocked.Message);
        var source = (ServiceSource.Found)service.Source;
        var fingerprint = FingerprintOf(service, source, facts.Target.Uid);
        if ((IsUntouched(service, fingerprint) || IsMadeUnseen(service, fingerprint)) && IsStatedFor(service, facts.Settings.Rules))
            return WithDrift(PlanSteady(service, now) with { Fingerprint = fingerprint, IsInPlace = true }, facts.Settings.Mode, now);
        return Run(service, ServiceAction.Upgrade, fingerprint, facts, now);
    }

    internal static string FingerprintOf(ServiceFacts service, ServiceSource.Found source, string clusterUid) =>
        ReleaseFingerprint.Of(source.Chart.Digest, source.Values, source.Options, service.Release, clusterUid, source.Patches);

    /// <summary>The step, or the wait before it is tried again.</summary>
    private static PlannedService Run(ServiceFacts service, ServiceAction action, string fingerprint, ServiceSetFacts facts, DateTimeOffset now)
    {
        var isRetry = service.Attempts is { Failures: > 0 } attempts && attempts.Fingerprint == fingerprint;
        if (isRetry && ServiceProviderSettings.MostFailures(facts.Object.Spec) is { } most && service.Attempts!.Failures >= most)
            return Keep(service, ServiceStates.Failed, GivenUp(service.Last?.FailureMessage, most)) with { Fingerprint = fingerprint };
        if (isRetry && service.Attempts!.IsWaiting(now))
            return Keep(service, ServiceStates.Failed, service.Last?.FailureMessage) with
            {
                Fingerprint = fingerprint,
                CheckAgainAfter = service.Attempts.NextAt - now,
            };
        if (RollbackEndsIn(service, now) is { } left)
            return Keep(service, ServiceStates.Provisioning, $"helm takes release {service.Release} back to an older revision; what is declared comes after it") with
            {
                Fingerprint = fingerprint,
                CheckAgainAfter = left,
            };
        return new PlannedService
        {
            Facts = service,
            Action = action,
            // A retry does not flip the state back and forth: it stays Failed until it works.
            State = isRetry ? ServiceStates.Failed : ServiceStates.Provisioning,
            Message = isRetry ? service.Last?.FailureMessage : null,
            Fingerprint = fingerprint,
            // A cut-off rollback is not repeated by an upgrade, nor the other way round.
            Recovery = service.Record is not { IsPending: true } cutOff ? Recovery.None
                : action == ServiceAction.Upgrade && cutOff.Fingerprint == fingerprint && cutOff.State != ReleaseState.PendingRollback ? Recovery.Repeat
                : Recovery.GoBack,
        };
    }

    /// <summary>
    /// Nothing tells a helm that runs from one that was killed. Freeing the release under one that a person runs makes that fail: its record goes with the history.
    /// A time that is not near is another clock's, and proves nothing.
    /// </summary>
    private static TimeSpan? RollbackEndsIn(ServiceFacts service, DateTimeOffset now) =>
        service.Record is { State: ReleaseState.PendingRollback, Since: { } since } && (since - now).Duration() < RollbackByHand ? since + RollbackByHand - now : null;

    private static string GivenUp(string? message, int most)
    {
        var words = $"given up after {most} failure{(most == 1 ? "" : "s")} in a row, until the service is changed (maxConsecutiveFailures)";
        return string.IsNullOrEmpty(message) ? words : message.EndsWith(words, StringComparison.Ordinal) ? message : $"{message}; {words}";
    }

    /// <summary>It was installed once: whatever has become of the spec since, or of the release, it is only told about.</summary>
    private static PlannedService PlanOnce(ServiceFacts service, DateTimeOffset now) => service.Record switch
    {
        null or { State: Helm.Releases.ReleaseState.Uninstalled } => Keep(service, ServiceStates.Failed, $"release {service.Release} is gone, and with syncMode OneTime it is not installed again"),
        { State: Helm.Releases.ReleaseState.Deployed } => PlanSteady(service, now),
        { State: var state } => Keep(service, ServiceStates.Failed, $"release {service.Release} is {state}, and with syncMode OneTime it is left so"),
    };

    private static PlannedService WithDrift(PlannedService steady, SyncMode mode, DateTimeOffset now)
    {
        if (steady.Facts.Drifted is not { } drifted)
            return steady;
        var drift = DriftPlanner.Plan(mode, drifted, now) with { NotWatched = steady.Facts.NotWatched };
        TimeSpan? unanswered = steady.Facts.IsDriftIncomplete ? AskAgain : null;
        return steady with { Drift = drift, CheckAgainAfter = new[] { steady.CheckAgainAfter, drift.CheckAgainAfter, unanswered }.Min() };
    }

    /// <summary>What we installed last is what is wanted now, and nobody else has touched the release since.</summary>
    private static bool IsUntouched(ServiceFacts service, string fingerprint) =>
        DeployedHash.Parse(service.Last?.LastDeployedHash) is { } known
        && known.Fingerprint == fingerprint
        && service.Record is { State: ReleaseState.Deployed } record
        && record.Revision == known.Revision;

    /// <summary>
    /// It is made as wanted, and the status does not say so yet: whoever made it was killed before it could, or the management cluster came back from an older backup. The label alone proves
    /// nothing, since helm takes it along into what others make of the release; but it cannot be on the very next revision without being ours.
    /// </summary>
    private static bool IsMadeUnseen(ServiceFacts service, string fingerprint) =>
        service.Record is { State: ReleaseState.Deployed } record && record.Fingerprint == fingerprint
        && (DeployedHash.Parse(service.Last?.LastDeployedHash) is { } known ? known.Fingerprint != fingerprint && record.Revision == known.Revision + 1 : record.Revision == 1);

    /// <summary>Fields of others that it states as they were are still left to them: otherwise nothing would show that they are not as the chart has them.</summary>
    private static bool IsStatedFor(ServiceFacts service, DriftRules rules) => service.Record?.KeptFor is not { } kept || kept == rules.Digest;

    private static PlannedService PlanSteady(ServiceFacts service, DateTimeOffset now)
    {
        var health = service.Health;
        if (health is { Verdict: WorkloadVerdict.Healthy, IsPartial: true })
            return service.Last is { State: ServiceStates.Deployed or ServiceStates.Failed } last
                ? Keep(service, last.State, last.FailureMessage)
                : Keep(service, ServiceStates.Provisioning, "its objects are being looked at");
        if (health.Verdict == WorkloadVerdict.Healthy)
            return Keep(service, ServiceStates.Deployed, null);
        // What stands still on purpose, takes its own time or cannot be judged has no deadline.
        if (health.Verdict is WorkloadVerdict.Suspended or WorkloadVerdict.Running)
            return Keep(service, ServiceStates.Provisioning, health.Message);
        // Nothing may tell when a kind comes back or may be watched again.
        if (health.Verdict == WorkloadVerdict.Unknown)
            return Keep(service, ServiceStates.Provisioning, health.Message) with { CheckAgainAfter = LookAgainAfter };
        if (health.Verdict == WorkloadVerdict.Failed || service.Last?.State == ServiceStates.Failed)
            return Keep(service, ServiceStates.Failed, health.Message);
        var since = service.Last is { State: ServiceStates.Provisioning } before ? before.LastStateTransitionTime : now;
        var left = since + Patience - now;
        return left <= TimeSpan.Zero
            ? Keep(service, ServiceStates.Failed, health.Message)
            : Keep(service, ServiceStates.Provisioning, health.Message) with { CheckAgainAfter = left };
    }

    private static PlannedService PlanRemoval(ServiceFacts service, ServiceSetFacts facts, DateTimeOffset now)
    {
        var stays = !facts.IsDeleting && service.Wanted is not null;
        // What another ServiceSet has taken over is its.
        if (service.Last is not { } last || service.OwnedBy is not null || facts.Target.State == TargetState.Gone)
            return Gone(service, stays);
        if (facts.Target.State != TargetState.Reachable)
            return MayHaveBegun(last) ? Keep(service, ServiceStates.Deleting, facts.Target.Message) : Gone(service, stays);
        if (service.Record is not { State: not ReleaseState.Uninstalled } record || !IsOurs(record, last))
            return Gone(service, stays);
        if (service.Attempts is { Fingerprint: RemovalFingerprint, Failures: > 0 } attempts && attempts.IsWaiting(now))
            return Keep(service, ServiceStates.Deleting, last.FailureMessage) with { CheckAgainAfter = attempts.NextAt - now };
        return new PlannedService
        {
            Facts = service,
            Action = ServiceAction.Uninstall,
            State = ServiceStates.Deleting,
            Message = service.Attempts is { Fingerprint: RemovalFingerprint } ? last.FailureMessage : null,
            Fingerprint = RemovalFingerprint,
        };
    }

    /// <summary>A service leaves Pending in status before helm runs for it.</summary>
    private static bool MayHaveBegun(ServiceState last) => last.State != ServiceStates.Pending || !string.IsNullOrEmpty(last.LastDeployedHash);

    /// <summary>
    /// The name alone does not make a release Fleet's: a service that never came as far as helm (its template is wrong, say) may be called like one that
    /// somebody installed by hand. Helm keeps the label when a person upgrades the release, but not when they go back to a revision of before Fleet.
    /// </summary>
    private static bool IsOurs(ReleaseRecord record, ServiceState last) => record.Fingerprint is not null || !string.IsNullOrEmpty(last.LastDeployedHash);

    /// <summary>Stands for "nothing" where attempts are counted.</summary>
    internal const string RemovalFingerprint = "removal";

    private static PlannedService Gone(ServiceFacts service, bool stays) => stays
        ? Keep(service, ServiceStates.Deleted, null)
        : new PlannedService { Facts = service, Action = ServiceAction.Forget, State = ServiceStates.Deleted };

    private static PlannedService Keep(ServiceFacts service, string state, string? message) =>
        new() { Facts = service, Action = ServiceAction.Keep, State = state, Message = string.IsNullOrEmpty(message) ? null : message };
}
