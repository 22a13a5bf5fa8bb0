using Fleet.ClusterManager.Components;
using Fleet.Contracts;
using Fleet.Contracts.Components;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Managements;

/// <summary>Installs what a Management asks for in the management cluster, upgrades it with its release, and removes it in the end.</summary>
internal sealed class ManagementReconciler(
    IKubernetesClient client, ManagementParts parts, ManagementFactsReader reader, ComponentEngine engine, ManagementDeletion deletion) : IReconciler
{
    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        // Admission refuses other names; one that came past it must not install everything twice.
        if (request.Key.Name != ManagementSpec.SingletonName || await client.Resource(FleetKinds.Managements).GetAsync(request.Key, ct) is not { } management)
            return Outcome.Done;
        if (management.Metadata.IsBeingDeleted)
            return await deletion.ReconcileAsync(management, request, ct);
        if (management.Metadata.Finalizers?.Contains(FleetFinalizers.Management) != true)
        {
            request.Ownership.EnsureCurrent();
            management = await parts.Finalizers.MarkAsync(FleetKinds.Managements, management, FleetFinalizers.Management, ct);
        }
        await parts.StateProvider.EnsureAsync(request.Ownership, ct);

        var facts = await reader.ReadAsync(management, ct);
        var gate = ManagementGate.Of(facts);
        if (!facts.SkipsBackup)
            foreach (var backup in facts.Backups.Where(backup => !backup.Exists))
                await parts.Backups.CreateAsync(backup, management.Status!.Release!, request.Ownership, ct);
        var report = await engine.RunAsync(
            new()
            {
                Target = parts.TargetOf(management),
                Wanted = gate is null ? ComponentList.OfManagement(facts.Release!, management.Spec) : ComponentList.Of(management.Status),
                HeldBy = gate?.Message,
                Users = await parts.Users.InAsync(null, ct),
                Seen = management.Status,
            },
            request, ct);
        await WriteAsync(facts, gate, report, request);
        return gate is null ? Outcome.After(report.LookAgain) : Outcome.Waiting(gate.Reason.Value, report.LookAgain);
    }

    private async Task WriteAsync(ManagementFacts facts, ManagementGate? gate, ComponentsReport report, ReconcileRequest request)
    {
        var conditions = ManagementConditionsFrom.All(facts, gate, report);
        await parts.Status.WriteAsync(StatusChange.Of(
            FleetKinds.Managements, facts.Object, ManagementConditionsFrom.Status(facts, gate, report), conditions, ManagementConditionsFrom.Owned, request.Ownership));
        parts.Events.Tell(FleetKinds.Managements.Kind, facts.Object.Metadata, facts.Object.Status?.Conditions, conditions, report.Events);
    }
}
