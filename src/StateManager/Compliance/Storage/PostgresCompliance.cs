using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;
using Fleet.Rest.Databases;
using Fleet.StateManager.Compliance.Findings;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.StateManager.Compliance.Storage;

/// <summary>The report in PostgreSQL: the present figures, and a row of trend for each day on which a policy's figures have changed.</summary>
internal sealed class PostgresCompliance(MigratedContexts<ComplianceContext> contexts, ComplianceOptions options, IGrainDirectory directory, TimeProvider clock) : IComplianceStore
{
    private readonly OwnerEpochs epochs = new("state-manager");

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    public Task SaveAsync(ClusterFreshness freshness, ClusterCompliance? before, ClusterCompliance now, CancellationToken ct) => WriteAsync([freshness.Cluster], async context =>
    {
        var diff = ComplianceDiff.Of(before ?? await ReadAsync(context, freshness.Cluster, ct), now);
        await WriteAsync(context, freshness.Cluster, diff, ct);
        await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO compliance_cluster (namespace, cluster, observed_at, problem, kinds, left_out)
            VALUES ({freshness.Cluster.Namespace}, {freshness.Cluster.Name}, {freshness.ObservedAt?.ToUniversalTime()}, {freshness.Problem}, {now.Kinds.ToArray()}, {now.LeftOut})
            ON CONFLICT (namespace, cluster) DO UPDATE SET observed_at = coalesce(excluded.observed_at, compliance_cluster.observed_at), problem = excluded.problem,
                kinds = excluded.kinds, left_out = excluded.left_out
            """, ct);
    }, ct);

    public Task TouchAsync(IReadOnlyList<ClusterFreshness> clusters, CancellationToken ct) => clusters.Count == 0 ? Task.CompletedTask : WriteAsync(
        [.. clusters.Select(c => c.Cluster)], context => context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO compliance_cluster (namespace, cluster, observed_at, problem, kinds, left_out)
            SELECT f.namespace, f.cluster, NULL, nullif(f.problem, ''), array[]::text[], 0
            FROM unnest({Of(clusters, c => c.Cluster.Namespace)}, {Of(clusters, c => c.Cluster.Name)}, {Of(clusters, c => c.Problem ?? "")}) AS f (namespace, cluster, problem)
            WHERE f.problem <> ''
            ON CONFLICT (namespace, cluster) DO UPDATE SET problem = excluded.problem;
            UPDATE compliance_cluster AS c SET observed_at = f.observed_at, problem = NULL
            FROM unnest({Of(clusters, c => c.Cluster.Namespace)}, {Of(clusters, c => c.Cluster.Name)}, {clusters.Select(c => c.ObservedAt?.UtcDateTime ?? DateTime.UnixEpoch).ToArray()})
                AS f (namespace, cluster, observed_at)
            WHERE c.namespace = f.namespace AND c.cluster = f.cluster AND f.observed_at > {DateTime.UnixEpoch} AND c.observed_at IS NOT NULL
            """, ct), ct);

    public Task CloseAsync(ObjectKey cluster, CancellationToken ct) => WriteAsync([cluster], async context =>
    {
        await WriteAsync(context, cluster, ComplianceDiff.Of(await ReadAsync(context, cluster, ct), null), ct);
        await context.Clusters.Where(row => row.Namespace == cluster.Namespace && row.Cluster == cluster.Name).ExecuteDeleteAsync(ct);
    }, ct);

    public Task<ClusterCompliance?> LoadAsync(ObjectKey cluster, CancellationToken ct) => AskAsync(context => ReadAsync(context, cluster, ct), ct);

    public Task<IReadOnlyList<ObjectKey>> ClustersAsync(CancellationToken ct) => AskAsync<IReadOnlyList<ObjectKey>>(
        async context => [.. (await context.Clusters.AsNoTracking().Select(row => new { row.Namespace, row.Cluster }).ToListAsync(ct)).Select(row => new ObjectKey(row.Namespace, row.Cluster))], ct);

    public Task<(int Findings, int Clusters)?> CoveredAsync(ObjectKey exception, CancellationToken ct) => AskAsync<(int, int)?>(
        async context =>
        {
            var clusters = await context.Findings.Where(row => row.Namespace == exception.Namespace && row.ExceptedBy == exception.Name)
                .GroupBy(row => row.Cluster).Select(group => group.Count()).ToListAsync(ct);
            return (clusters.Sum(), clusters.Count);
        }, ct);

    public Task ForgetAsync(CancellationToken ct)
    {
        var before = Today.AddDays(-(int)options.Retention.TotalDays);
        // A row says how it was until the next one: the last before the limit is still needed, unless it says that there was nothing.
        return WriteAsync([], context => context.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM compliance_trend AS old WHERE day < {before} AND (
                (pass = 0 AND fail = 0 AND warn = 0 AND error = 0 AND skip = 0 AND excepted = 0)
                OR EXISTS (SELECT FROM compliance_trend AS next WHERE next.namespace = old.namespace AND next.cluster = old.cluster AND next.source = old.source
                    AND next.policy = old.policy AND next.target_namespace = old.target_namespace AND next.day > old.day AND next.day <= {before}))
            """, ct), ct);
    }

    private async Task WriteAsync(ComplianceContext context, ObjectKey cluster, ComplianceDiff diff, CancellationToken ct)
    {
        if (diff.Gone.Count > 0)
            await context.Database.ExecuteSqlAsync(
                $"""
                DELETE FROM compliance_policy AS p USING unnest({Of(diff.Gone, k => k.Source)}, {Of(diff.Gone, k => k.Policy)}, {Of(diff.Gone, k => k.Namespace)})
                    AS g (source, policy, target_namespace)
                WHERE p.namespace = {cluster.Namespace} AND p.cluster = {cluster.Name} AND p.source = g.source AND p.policy = g.policy AND p.target_namespace = g.target_namespace
                """, ct);
        if (diff.Counts.Count > 0)
            await context.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO compliance_policy (namespace, cluster, source, policy, target_namespace, place, pass, fail, warn, error, skip, excepted)
                SELECT {cluster.Namespace}, {cluster.Name}, n.* FROM unnest({Of(diff.Counts, r => r.Key.Source)}, {Of(diff.Counts, r => r.Key.Policy)}, {Of(diff.Counts, r => r.Key.Namespace)},
                    {Of(diff.Counts, r => $"{cluster.Namespace}/{cluster.Name}/{r.Key.Place}")}, {diff.Counts.Select(r => r.Counts.Pass).ToArray()}, {diff.Counts.Select(r => r.Counts.Fail).ToArray()},
                    {diff.Counts.Select(r => r.Counts.Warn).ToArray()}, {diff.Counts.Select(r => r.Counts.Error).ToArray()}, {diff.Counts.Select(r => r.Counts.Skip).ToArray()},
                    {diff.Counts.Select(r => r.Counts.Excepted).ToArray()}) AS n
                ON CONFLICT (namespace, cluster, source, policy, target_namespace) DO UPDATE SET pass = excluded.pass, fail = excluded.fail, warn = excluded.warn,
                    error = excluded.error, skip = excluded.skip, excepted = excluded.excepted
                """, ct);
        List<(PolicyKey Key, ResultCounts Counts)> changed = [.. diff.Counts, .. diff.Gone.Select(key => (key, default(ResultCounts)))];
        if (changed.Count > 0)
            await context.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO compliance_trend (namespace, cluster, day, source, policy, target_namespace, pass, fail, warn, error, skip, excepted)
                SELECT {cluster.Namespace}, {cluster.Name}, {Today}, n.* FROM unnest({Of(changed, r => r.Key.Source)}, {Of(changed, r => r.Key.Policy)}, {Of(changed, r => r.Key.Namespace)},
                    {changed.Select(r => r.Counts.Pass).ToArray()}, {changed.Select(r => r.Counts.Fail).ToArray()}, {changed.Select(r => r.Counts.Warn).ToArray()},
                    {changed.Select(r => r.Counts.Error).ToArray()}, {changed.Select(r => r.Counts.Skip).ToArray()}, {changed.Select(r => r.Counts.Excepted).ToArray()}) AS n
                ON CONFLICT (namespace, cluster, source, policy, target_namespace, day) DO UPDATE SET pass = excluded.pass, fail = excluded.fail, warn = excluded.warn,
                    error = excluded.error, skip = excluded.skip, excepted = excluded.excepted
                """, ct);
        if (diff.GoneFindings.Count > 0)
            await context.Database.ExecuteSqlAsync(
                $"DELETE FROM compliance_finding WHERE namespace = {cluster.Namespace} AND cluster = {cluster.Name} AND place = ANY({diff.GoneFindings.ToArray()})", ct);
        if (diff.Findings.Count > 0)
            await WriteFindingsAsync(context, cluster, diff.Findings, ct);
    }

    private static Task WriteFindingsAsync(ComplianceContext context, ObjectKey cluster, IReadOnlyList<(string Place, JudgedFinding Finding)> findings, CancellationToken ct) =>
        context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO compliance_finding (namespace, cluster, place, source, policy, target_namespace, rule, result, excepted_by, severity, category, kind, name, message)
            SELECT {cluster.Namespace}, {cluster.Name}, n.place, n.source, n.policy, n.target_namespace, n.rule, n.result, nullif(n.excepted_by, ''), n.severity, n.category, n.kind, n.name, n.message
            FROM unnest({Of(findings, f => f.Place)}, {Of(findings, f => f.Finding.Finding.Key.Source)}, {Of(findings, f => f.Finding.Finding.Key.Policy)},
                {Of(findings, f => f.Finding.Finding.Key.Namespace)}, {Of(findings, f => f.Finding.Finding.Rule)}, {Of(findings, f => ResultWords.Of(f.Finding.Finding.Result))},
                {Of(findings, f => f.Finding.ExceptedBy ?? "")}, {Of(findings, f => f.Finding.Finding.Severity)}, {Of(findings, f => f.Finding.Finding.Category)},
                {Of(findings, f => f.Finding.Finding.Kind)}, {Of(findings, f => f.Finding.Finding.Name)}, {Of(findings, f => f.Finding.Finding.Message)})
                AS n (place, source, policy, target_namespace, rule, result, excepted_by, severity, category, kind, name, message)
            ON CONFLICT (namespace, cluster, place) DO UPDATE SET excepted_by = excluded.excepted_by, category = excluded.category, message = excluded.message
            """, ct);

    private static async Task<ClusterCompliance?> ReadAsync(ComplianceContext context, ObjectKey cluster, CancellationToken ct)
    {
        var row = await context.Clusters.AsNoTracking().SingleOrDefaultAsync(c => c.Namespace == cluster.Namespace && c.Cluster == cluster.Name, ct);
        // Without a time there are no figures: the cluster was never seen.
        if (row?.ObservedAt is null)
            return null;
        var counts = await context.Policies.AsNoTracking().Where(p => p.Namespace == cluster.Namespace && p.Cluster == cluster.Name).OrderBy(p => p.Place).ToListAsync(ct);
        var findings = await context.Findings.AsNoTracking().Where(f => f.Namespace == cluster.Namespace && f.Cluster == cluster.Name).OrderBy(f => f.Place).ToListAsync(ct);
        return new(row.Kinds, [.. counts.Select(p => (p.Key, p.Counts))], [.. findings.Select(f => f.ToFinding())], row.LeftOut);
    }

    private static string[] Of<T>(IReadOnlyList<T> items, Func<T, string> text) => [.. items.Select(text)];

    /// <exception cref="GrainElsewhereException">Another process owns one of the clusters, or has written of it under a greater epoch: nothing is written.</exception>
    private async Task WriteAsync(IReadOnlyList<ObjectKey> clusters, Func<ComplianceContext, Task> write, CancellationToken ct)
    {
        var owners = new List<GrainOwnership>();
        try
        {
            foreach (var grain in clusters.Distinct().Select(GrainId.OfCluster))
                owners.Add(new(grain, await directory.TryOwnAsync(grain, ct) ?? throw new GrainElsewhereException(grain), directory));
            await AskAsync(async context =>
            {
                await using var transaction = await context.Database.BeginTransactionAsync(ct);
                if (owners.Count > 0)
                    await epochs.RaiseAsync((NpgsqlConnection)context.Database.GetDbConnection(), owners, ct);
                await write(context);
                await transaction.CommitAsync(ct);
                return true;
            }, ct);
        }
        finally
        {
            foreach (var owner in owners)
                await directory.ReleaseAsync(owner.Grain, owner.Epoch);
        }
    }

    private async Task<T> AskAsync<T>(Func<ComplianceContext, Task<T>> ask, CancellationToken ct)
    {
        try
        {
            await using var context = await contexts.OpenAsync(ct);
            return await ask(context);
        }
        catch (Exception error) when (DatabaseFailures.IsOne(error))
        {
            throw new ComplianceStoreException(error);
        }
    }
}
