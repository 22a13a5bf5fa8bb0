using Fleet.ClusterManager.Clusters;
using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.DataSources;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;

namespace Fleet.ClusterManager.DataSources;

/// <summary>Gives a hosted control plane a database of its own in a DataSource, and takes it away with the cluster.</summary>
internal sealed class ClusterDataSourceReconciler(
    ClusterDataSourceFactsReader reader, ClusterDataSourceApplier applier, ClusterDataSourceDeletion deletion, Finalizers finalizers, IStatusWriter status) : IReconciler
{
    /// <summary>Nothing reports that a server is away, or has come back.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LookAgainWhenWell = TimeSpan.FromMinutes(5);

    private static readonly HashSet<ConditionType> NoConditions = [];

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await deletion.GetAsync(request.Key, ct) is not { } database)
            return Outcome.Done;
        if (database.Metadata.IsBeingDeleted)
            return await DeleteAsync(database, request, ct);
        if (database.Metadata.Finalizers?.Contains(FleetFinalizers.ClusterDataSource) != true)
        {
            request.Ownership.EnsureCurrent();
            database = await finalizers.MarkAsync(FleetKinds.ClusterDataSources, database, FleetFinalizers.ClusterDataSource, ct);
        }
        var seen = await reader.ReadAsync(database, ct);
        var plan = ClusterDataSourcePlanner.Plan(seen, KineUrl.NewPassword());
        var problem = plan.Problem ?? await TryAsync(() => applier.ApplyAsync(seen, plan, request, ct));
        await WriteAsync(database, problem is null ? ClusterDataSourceStatusFrom.Ready(seen) : ClusterDataSourceStatusFrom.Failed(database, problem), request);
        return problem is null ? Outcome.After(LookAgainWhenWell) : Outcome.Waiting("DataSource", LookAgain);
    }

    private async Task<Outcome> DeleteAsync(ClusterDataSource database, ReconcileRequest request, CancellationToken ct)
    {
        if (database.Metadata.Finalizers?.Contains(FleetFinalizers.ClusterDataSource) != true)
            return Outcome.Done;
        var seen = await reader.ReadAsync(database, ct);
        string? problem = null;
        if (await TryAsync(async () => problem = await deletion.DropAsync(seen, request, ct)) is { } failure)
            problem = failure;
        if (problem is null)
        {
            request.Ownership.EnsureCurrent();
            await finalizers.RemoveAsync(FleetKinds.ClusterDataSources.Kind, database.Metadata, FleetFinalizers.ClusterDataSource, ct);
            return Outcome.Done;
        }
        await WriteAsync(database, ClusterDataSourceStatusFrom.Failed(database, problem), request);
        return Outcome.Waiting("DataSource", LookAgain);
    }

    private Task<StatusWriteResult> WriteAsync(ClusterDataSource database, ClusterDataSourceStatus wanted, ReconcileRequest request) =>
        status.WriteAsync(StatusChange.Of(FleetKinds.ClusterDataSources, database, wanted, [], NoConditions, request.Ownership));

    private static async Task<string?> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (DatabaseException e)
        {
            return e.Message;
        }
    }
}
