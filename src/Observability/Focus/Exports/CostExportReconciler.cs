using System.Data.Common;
using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Costs;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Control.Templates;
using Fleet.Cost;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Ledger;
using Fleet.Sources;
using Fleet.Sources.Buckets;

namespace Fleet.Observability.Focus.Exports;

/// <summary>Writes the months of one CostExport when they are due. Each month is told in the status as soon as it is there, so that a process that is killed goes on after it.</summary>
internal sealed partial class CostExportReconciler(
    IKubernetesClient management, CostExportWriter writer, LedgerReader ledger, IStatusWriter statuses, TimeProvider clock, ILogger<CostExportReconciler> log) : IReconciler
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    /// <summary>What only a change of the export or of its Secret mends; a Secret is not watched.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly SourceSecrets secrets = new(management);

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await management.Resource(FleetKinds.CostExports).GetAsync(request.Key, ct) is not { Metadata.IsBeingDeleted: false } export)
            return Outcome.Done;
        var generation = export.Metadata.Generation ?? 0;
        var status = export.Status ?? new();
        if (export.Spec.Suspend == true)
        {
            await TellAsync(export, status with { Next = null }, CostExportConditionsFrom.Suspended(generation), request.Ownership);
            return Outcome.Done;
        }
        var asked = export.Metadata.Annotations?.GetValueOrDefault(FleetAnnotations.ReconcileRequested);
        var now = clock.GetUtcNow();
        try
        {
            var plan = CostExportPlanner.Plan(export.Spec, generation, export.Status, asked, now);
            if (!plan.IsDue)
                return Wait(plan.Next, now);
            var bucket = await BucketAsync(export, ct);
            var clusters = await ClustersOfAsync(request.Key.Namespace, ct);
            foreach (var month in plan.Months)
            {
                status = await WriteAsync(request.Ownership, export.Spec, status, bucket, month, clusters, ct);
                if (month != plan.Months[^1])
                    await TellAsync(export, status, export.Status?.Conditions ?? [], request.Ownership);
            }
            status = status with { LastSuccess = now, Next = plan.Next, LastRequest = asked, ObservedGeneration = generation };
            await TellAsync(export, status, CostExportConditionsFrom.Success(generation, status.Periods ?? []), request.Ownership);
            return Wait(plan.Next, now);
        }
        catch (ArgumentException e)
        {
            return await FailAsync(export, status, CostExportReasons.InvalidSchedule, e.Message, LookAgainAfter, request.Ownership);
        }
        catch (TemplateChartException e)
        {
            return await FailAsync(export, status, CostExportReasons.SecretMissing, e.Message, LookAgainAfter, request.Ownership);
        }
        catch (SourceException e)
        {
            return await FailAsync(export, status, CostExportConditionsFrom.ReasonOf(e), e.Message, e.IsTransient ? RetryAfter : LookAgainAfter, request.Ownership);
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException)
        {
            LogLedger(request.Key, e.GetType().Name);
            return await FailAsync(export, status, CostExportReasons.LedgerUnavailable, "The ledger of costs does not answer", RetryAfter, request.Ownership);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogDisk(request.Key, e.Message);
            return await FailAsync(export, status, CostExportReasons.DiskFull, "The file cannot be made on the own disk", RetryAfter, request.Ownership);
        }
    }

    private async Task<CostExportStatus> WriteAsync(GrainOwnership owner, CostExportSpec spec, CostExportStatus status, BucketSource bucket, PlannedMonth month, IReadOnlyCollection<string>? clusters, CancellationToken ct)
    {
        try
        {
            var written = await writer.WriteAsync(owner, spec, bucket, month, clusters, ct);
            return status with { Periods = CostExportPlanner.With(status.Periods, written), Rows = written.Rows };
        }
        catch (CostQueryException) when (month.Closes)
        {
            // Its hours are no longer kept: what is in the bucket, if anything is, stays as it is.
            var before = status.Periods?.Find(period => period.Period == month.Period) ?? new() { Period = month.Period };
            return status with { Periods = CostExportPlanner.With(status.Periods, before with { Closed = true }) };
        }
    }

    private async Task<BucketSource> BucketAsync(CostExport export, CancellationToken ct)
    {
        var (key, bucket) = (export.Metadata.Key, export.Spec.Bucket);
        var secret = await secrets.ReadAsync(bucket.SecretRef.Name, $"CostExport {key}", key.Namespace!, ct);
        if (!secret.TryGetValue("accesskey", out var access) || !secret.TryGetValue("secretkey", out var hidden))
            throw new TemplateChartException($"CostExport {key}: Secret {key.Namespace}/{bucket.SecretRef.Name} needs keys accesskey and secretkey", true);
        return new(bucket.Endpoint, bucket.Name)
        {
            Region = bucket.Region, Insecure = bucket.Insecure == true, Access = new(access.Trim(), hidden.Trim()), CaBundle = SourceSecrets.AuthorityIn(secret),
        };
    }

    /// <summary>Whoever may make exports in a namespace gets the costs of its clusters. Fleet's own namespace is for those of all.</summary>
    private async Task<IReadOnlyCollection<string>?> ClustersOfAsync(string? @namespace, CancellationToken ct) => @namespace == FleetApi.SystemNamespace
        ? null
        : [.. (await ledger.FreshnessAsync(ct)).Select(cluster => cluster.Cluster).Where(cluster => cluster.StartsWith(@namespace + "/", StringComparison.Ordinal))];

    private async Task<Outcome> FailAsync(CostExport export, CostExportStatus status, Reason reason, string message, TimeSpan again, GrainOwnership ownership)
    {
        await TellAsync(export, status with { Next = clock.GetUtcNow() + again }, CostExportConditionsFrom.Failure(export.Metadata.Generation ?? 0, reason, message), ownership);
        return Outcome.Waiting(reason.ToString(), again);
    }

    private Task TellAsync(CostExport export, CostExportStatus status, IReadOnlyList<Condition> conditions, GrainOwnership ownership) => statuses.WriteAsync(
        StatusChange.Of(FleetKinds.CostExports, export, status, conditions, CostExportConditionsFrom.Owned, ownership));

    private static Outcome Wait(DateTimeOffset next, DateTimeOffset now) => Outcome.After(next - now is var left && left < LongestWait ? (left > TimeSpan.Zero ? left : TimeSpan.FromSeconds(1)) : LongestWait);

    [LoggerMessage(3231, LogLevel.Warning, "Costs for {Export} are not written: the ledger does not answer ({Error})")]
    private partial void LogLedger(ObjectKey export, string error);

    [LoggerMessage(3232, LogLevel.Warning, "Costs for {Export} are not written: {Error}")]
    private partial void LogDisk(ObjectKey export, string error);
}
