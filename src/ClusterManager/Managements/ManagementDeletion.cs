using Fleet.ClusterManager.Components;
using Fleet.ClusterManager.Releases;
using Fleet.Contracts;
using Fleet.Contracts.Components;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Managements;

/// <summary>
/// Deletes a Management: what it installed in reverse order, then the definitions that it names, then the finalizer. Each round reads what is left, so that it
/// does not matter at which line the last one was killed.
/// </summary>
internal sealed class ManagementDeletion(ManagementParts parts, ComponentEngine engine, DefinitionRemoval definitions)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    public async Task<Outcome> ReconcileAsync(Management management, ReconcileRequest request, CancellationToken ct)
    {
        if (management.Metadata.Finalizers?.Contains(FleetFinalizers.Management) != true)
            return Outcome.Done;
        if (await InUseAsync(ct) is { } users)
        {
            await TellAsync(management, $"waits until these are deleted: {users}", request);
            return Outcome.Waiting("InUse", LookAgain);
        }
        var target = parts.TargetOf(management);
        var removal = await engine.RemoveAsync(target, request, ct);
        if (!removal.IsDone)
        {
            await TellAsync(management, removal.Message, request);
            return Outcome.Waiting("ComponentsRemaining", removal.LookAgain);
        }
        if (await definitions.RemoveAsync(management.Spec.Cleanup, request.Ownership, ct) is { Count: > 0 } left)
        {
            await TellAsync(management, $"waits until these definitions are gone: {string.Join(", ", left)}", request);
            return Outcome.Waiting("DefinitionsRemaining", TimeSpan.FromSeconds(1));
        }
        request.Ownership.EnsureCurrent();
        // The manager itself stays installed, and nobody's: the next Management may have it.
        await new ReleaseRecords(target.Client).OrphanAsync(new(target.Namespace, ComponentList.Kcm), target.Owner.Uid, request.Ownership, ct);
        await parts.Finalizers.RemoveAsync(FleetKinds.Managements.Kind, management.Metadata, FleetFinalizers.Management, ct);
        return Outcome.Done;
    }

    /// <summary>Admission refuses the deletion then; here for where nobody asked it.</summary>
    private async Task<string?> InUseAsync(CancellationToken ct)
    {
        // Asked of the API: the watches know nothing once a definition is gone.
        var regions = await NamesAsync(FleetKinds.Regions, ct);
        var clusters = await NamesAsync(FleetKinds.ClusterDeployments, ct);
        var users = regions.Concat(clusters).ToList();
        return users.Count == 0 ? null : string.Join(", ", users.Take(10)) + (users.Count > 10 ? $" and {users.Count - 10} more" : "");
    }

    private async Task<IEnumerable<string>> NamesAsync<T>(ResourceType<T> type, CancellationToken ct)
        where T : class, IKubernetesObject
    {
        try
        {
            return (await parts.Client.Resource(type).ListAsync(ListOptions.All, item => $"{type.Kind.Kind} {item.Metadata.Key}", ct)).Items;
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            // The kind is gone already, and all its objects with it.
            return [];
        }
    }

    private Task TellAsync(Management management, string message, ReconcileRequest request)
    {
        Condition[] conditions =
        [
            Condition.True(SharedConditions.Deleting, Reason.Deleting, message) with { ObservedGeneration = management.Metadata.Generation },
        ];
        conditions = [.. conditions, ConditionSummary.Ready(conditions) with { ObservedGeneration = management.Metadata.Generation }];
        return parts.Status.WriteAsync(StatusChange.Of(
            FleetKinds.Managements, management, management.Status ?? new ManagementStatus(), conditions, ManagementConditionsFrom.Owned, request.Ownership));
    }
}
