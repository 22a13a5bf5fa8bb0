using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Credentials.Copies;
using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Credentials;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Credentials;

/// <summary>Says whether a Credential can be used.</summary>
internal sealed class CredentialReconciler(
    IKubernetesClient client, CredentialFactsReader facts, IdentityCopies copies, RegionalIdentity regional, Finalizers finalizers, IStatusWriter status) : IReconciler
{
    /// <summary>
    /// Changes of Secrets and of the usual identity kinds are reported at once; this is for identities of kinds that are not watched.
    /// </summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Resync = TimeSpan.FromMinutes(15);

    /// <summary>A credential may serve a thousand clusters, and each change of the list is a write.</summary>
    private const int MostUsersNamed = 10;

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await client.Resource(FleetKinds.Credentials).GetAsync(request.Key, ct) is not { } credential)
            return Outcome.Done;
        var users = await facts.UsersAsync(credential, ct);
        var isLeaving = credential.Metadata.IsBeingDeleted;
        // Clusters that are going as well need it until their machines are gone.
        if (isLeaving && users.Count == 0)
            return await LeaveAsync(credential, request, ct);
        var isNeeded = copies.AreNeededBy(credential);
        if ((isNeeded || users.Count > 0 || RegionalIdentity.RegionOf(credential) is not null) && !isLeaving && credential.Metadata.Finalizers?.Contains(FleetFinalizers.Credential) != true)
        {
            request.Ownership.EnsureCurrent();
            credential = await finalizers.MarkAsync(FleetKinds.Credentials, credential, FleetFinalizers.Credential, ct);
        }
        if (isNeeded)
            await copies.EnsureAsync(credential, request.Ownership, ct);
        var seen = await facts.ReadAsync(credential, ct) with { UsedBy = users };
        var inRegion = await regional.EnsureAsync(credential, seen, request, ct);
        var conditions = CredentialConditionsFrom.All(seen with { InRegion = inRegion });
        var condition = conditions.First(condition => condition.Type == CredentialConditions.CredentialReady);
        var ready = condition.Status == ConditionStatus.True;
        var wanted = new CredentialStatus
        {
            Ready = ready,
            UsedBy = seen.UsedBy.Count,
            Users = seen.UsedBy.Count == 0 ? null : [.. seen.UsedBy.Take(MostUsersNamed)],
            ObservedGeneration = seen.Object.Metadata.Generation,
        };
        await status.WriteAsync(StatusChange.Of(FleetKinds.Credentials, seen.Object, wanted, conditions, CredentialConditionsFrom.Owned, request.Ownership));
        if (isLeaving)
            return Outcome.Waiting("InUse", LookAgain);
        return ready && inRegion is null or { Status: ConditionStatus.True } ? Outcome.After(Resync) : Outcome.Waiting(condition.Reason.Value, LookAgain);
    }

    /// <summary>The finalizer may be upstream's from before: it is cleared whether there are copies or not.</summary>
    private async Task<Outcome> LeaveAsync(Credential credential, ReconcileRequest request, CancellationToken ct)
    {
        if (credential.Metadata.Finalizers?.Contains(FleetFinalizers.Credential) != true)
            return Outcome.Done;
        await copies.ReleaseAsync(credential, request.Ownership, ct);
        if (await regional.ReleaseAsync(credential, request, ct) is { } held)
        {
            await status.WriteAsync(StatusChange.Of(
                FleetKinds.Credentials, credential, credential.Status ?? new(),
                [.. (credential.Status?.Conditions ?? []).Where(condition => condition.Type != held.Type && CredentialConditionsFrom.Owned.Contains(condition.Type)), held],
                CredentialConditionsFrom.Owned, request.Ownership));
            return Outcome.Waiting("Region", LookAgain);
        }
        request.Ownership.EnsureCurrent();
        await finalizers.RemoveAsync(FleetKinds.Credentials.Kind, credential.Metadata, FleetFinalizers.Credential, ct);
        return Outcome.Done;
    }
}
