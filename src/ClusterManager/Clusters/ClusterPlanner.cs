using Fleet.ClusterManager.References;
using Fleet.ClusterManager.Releases;
using Fleet.Contracts;
using Fleet.Contracts.Services;
using Fleet.Control.Placement;
using Fleet.Helm.Releases;
using Fleet.Helm.Values;

namespace Fleet.ClusterManager.Clusters;

/// <summary>From facts to a plan. Pure.</summary>
internal static class ClusterPlanner
{
    public static ClusterPlan Plan(ClusterFacts facts, ClusterManagerOptions options, DateTimeOffset now)
    {
        var spec = facts.Object.Spec;
        var resolved = ResolvedReferences.Of(facts);
        var placement = ClusterServices.Placement(facts.Object, facts.OwnServiceSet, facts.Services);
        var plan = new ClusterPlan
        {
            Placement = placement,
            Release = ReleaseStep.Hold,
            Resolved = resolved,
            References = ReferencePlanner.Plan(facts, resolved),
            Values = ClusterValues.Of(facts.Object, facts.Credential?.Spec.IdentityRef, options.GlobalValues, resolved),
            // A copy is no change of the cluster: who uses it must not be left with an old one.
            PublishKubeconfig = facts.Kubeconfig?.Text is not null && spec.DryRun != true && (facts.IsAdopted ? facts.Pause is null : facts is { Region: not null, IsAway: false }),
            ServiceSet = spec.DryRun == true || facts.Pause is not null ? null : WantedServiceSet(facts, placement),
            PauseServices = spec.DryRun == true && facts.Pause is not null ? [] : ServicesToPause(facts),
        };
        if (facts.Chart is not { } chart)
            return plan with { HeldBy = "the chart" };

        var release = new ReleaseName(facts.Key.Namespace, facts.Key.Name);
        var settings = new ReleaseOptions { Timeout = options.HelmTimeout };
        var fingerprint = ReleaseFingerprint.Of(chart.Digest, plan.Values, settings, release, ReleaseIdentity.Of(facts.Object.Metadata));
        plan = plan with
        {
            Fingerprint = fingerprint,
            Options = settings with { Labels = new Dictionary<string, string>
            {
                [ReleaseRecords.FingerprintLabel] = fingerprint, [ReleaseRecords.OwnerLabel] = ReleaseIdentity.Of(facts.Object.Metadata),
            } },
            Recovery = facts.Release is not { IsPending: true } cutOff ? Recovery.None : cutOff.Fingerprint == fingerprint ? Recovery.Repeat : Recovery.GoBack,
        };
        if (facts.IsAway)
            return plan with { HeldBy = $"Region {facts.Region!.Name}" };
        if (spec.DryRun == true)
            return plan with { Release = ReleaseStep.Check };
        if ((facts.Region?.Name ?? "") != (facts.Object.Status?.Region ?? ""))
            return plan with { HeldBy = "the region's name in status", NoteRegion = true };
        if (facts.IsForeignRelease)
            return plan with { HeldBy = $"Helm release {facts.Key}, which was made for another ClusterDeployment of this name" };
        // Values without what is lacking would take it away from a cluster that has it.
        if (resolved.Lacking.FirstOrDefault() is { } lacking)
            return plan with { HeldBy = lacking.Name };
        if (facts.Release is { IsDeployed: true } present && present.Fingerprint == fingerprint && facts.Pause is null && ClusterRecreation.IsDue(facts, now))
            return plan with { Release = ReleaseStep.Upgrade, IsRecreation = true };
        if (facts.Release is { IsDeployed: true } record && record.Fingerprint == fingerprint)
            return plan with { Release = ReleaseStep.Keep, LabelAgain = facts.Capi is { IsLabelled: false, BeingDeleted: false } && facts.Pause is null };
        if (facts.Pause is not null)
            return plan with { Release = ReleaseStep.Pause };
        if (facts.RegionConflict is not null)
            return plan with { HeldBy = $"Credential {spec.Credential}" };
        // Nothing would act on what the chart makes.
        if (facts.ProviderProblem is not null)
            return plan with { HeldBy = "the providers that the template needs" };
        // A cluster that exists is still looked after when its credential expires; a new one would only fail half-way.
        var isNamed = spec.Credential is { Length: > 0 };
        if ((isNamed && facts.Credential is null) || (facts.Release is null && CredentialCheck.Problem(facts) is not null))
            return plan with { HeldBy = isNamed ? $"Credential {spec.Credential}" : "spec.credential" };
        return plan with { Release = ReleaseStep.Upgrade };
    }

    // The services of a paused cluster rest, too. A pause that somebody else gave a ServiceSet is left alone.
    private static IReadOnlyList<ServiceSet> ServicesToPause(ClusterFacts facts) =>
        [.. facts.ServiceSets.Where(set => !set.Metadata.IsBeingDeleted && (facts.Pause is null or { IsFence: true }
            ? set.Metadata.Annotations?.ContainsKey(FleetAnnotations.PausedWithCluster) == true
            : set.Metadata.Annotations?.ContainsKey(FleetLabels.ServiceSetPaused) != true))];

    private static ServiceSetSpec? WantedServiceSet(ClusterFacts facts, PlacementPlan placement)
    {
        var identity = facts.Credential?.Spec.IdentityRef;
        var wanted = ClusterServices.Spec(facts.Object, identity, placement);
        // The ServiceSet of an earlier object of this name goes by itself; until then it is not ours to write.
        if (facts.OwnServiceSet is { } other && OwnedObjects.IsOfAnother(other.Metadata, facts.Object))
            return null;
        if (facts.OwnServiceSet is { } seen)
            return ClusterServices.SameSpec(seen.Spec, wanted) || seen.Metadata.IsBeingDeleted ? null : wanted;
        return wanted.Services is { Count: > 0 } || ClusterServices.BringsManifests(wanted, identity, facts.Key.Namespace, facts.HasResourceTemplate) ? wanted : null;
    }
}
