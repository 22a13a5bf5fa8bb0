using System.Data;
using Fleet.Kubernetes.Objects;
using Fleet.Rest.Databases;
using Fleet.StateManager.Compliance.Findings;
using Microsoft.EntityFrameworkCore;

namespace Fleet.StateManager.Compliance.Storage;

/// <summary>What is asked of the report. Throws <see cref="ComplianceStoreException"/> when the database does not answer.</summary>
internal sealed class ComplianceQueries(MigratedContexts<ComplianceContext> contexts)
{
    /// <summary>Namespaces that hold clusters with figures.</summary>
    public Task<List<string>> NamespacesAsync(CancellationToken ct) =>
        AskAsync(context => context.Clusters.Select(row => row.Namespace).Distinct().OrderBy(name => name).ToListAsync(ct), ct);

    /// <summary>Rows by policy and namespace after a place, with what is known of the freshness of their clusters.</summary>
    public Task<(List<CompliancePolicyRow> Rows, Dictionary<ObjectKey, ComplianceClusterRow> Clusters)> PoliciesAsync(ComplianceFilter filter, string? after, int limit, CancellationToken ct) =>
        AskAsync(async context =>
        {
            var query = Of(context.Policies.AsNoTracking(), filter);
            if (after is not null)
                query = query.Where(row => string.Compare(row.Place, after) > 0);
            var rows = await query.OrderBy(row => row.Place).Take(limit).ToListAsync(ct);
            var names = rows.Select(row => row.Namespace + "/" + row.Cluster).Distinct().ToArray();
            var clusters = await context.Clusters.AsNoTracking().Where(row => names.Contains(row.Namespace + "/" + row.Cluster)).ToListAsync(ct);
            return (rows, clusters.ToDictionary(row => new ObjectKey(row.Namespace, row.Cluster)));
        }, ct);

    /// <summary>Clusters after one, with the sum of the rows that pass the filter.</summary>
    public Task<(List<ComplianceClusterRow> Clusters, Dictionary<ObjectKey, (ResultCounts Counts, int Policies)> Sums)> ClustersAsync(
        ComplianceFilter filter, ObjectKey? after, int limit, CancellationToken ct) => AskAsync(async context =>
        {
            var query = context.Clusters.AsNoTracking();
            if (filter.Among is { } among)
                query = query.Where(row => among.Contains(row.Namespace));
            if (filter.Namespace is { } @namespace)
                query = query.Where(row => row.Namespace == @namespace);
            if (filter.Cluster is { } name)
                query = query.Where(row => row.Cluster == name);
            if (after is { } last)
                query = query.Where(row => string.Compare(row.Namespace, last.Namespace) > 0 || (row.Namespace == last.Namespace && string.Compare(row.Cluster, last.Name) > 0));
            var clusters = await query.OrderBy(row => row.Namespace).ThenBy(row => row.Cluster).Take(limit).ToListAsync(ct);
            var names = clusters.Select(row => row.Namespace + "/" + row.Cluster).ToArray();
            var sums = await Of(context.Policies.AsNoTracking(), filter).Where(row => names.Contains(row.Namespace + "/" + row.Cluster))
                .GroupBy(row => new { row.Namespace, row.Cluster })
                .Select(group => new
                {
                    group.Key,
                    Pass = group.Sum(row => row.Pass), Fail = group.Sum(row => row.Fail), Warn = group.Sum(row => row.Warn),
                    Error = group.Sum(row => row.Error), Skip = group.Sum(row => row.Skip), Excepted = group.Sum(row => row.Excepted),
                    Policies = group.Select(row => row.Source + "/" + row.Policy).Distinct().Count(),
                }).ToListAsync(ct);
            return (clusters, sums.ToDictionary(
                sum => new ObjectKey(sum.Key.Namespace, sum.Key.Cluster),
                sum => (new ResultCounts(sum.Pass, sum.Fail, sum.Warn, sum.Error, sum.Skip, sum.Excepted), sum.Policies)));
        }, ct);

    /// <summary>Findings of one cluster after a place, worst first; null when nothing is known of the cluster.</summary>
    public Task<List<ComplianceFindingRow>?> FindingsAsync(ObjectKey cluster, ComplianceFilter filter, string? after, int limit, CancellationToken ct) => AskAsync(async context =>
    {
        if (!await context.Clusters.AnyAsync(row => row.Namespace == cluster.Namespace && row.Cluster == cluster.Name, ct))
            return null;
        var query = context.Findings.AsNoTracking().Where(row => row.Namespace == cluster.Namespace && row.Cluster == cluster.Name);
        if (filter.Policy is { } policy)
            query = query.Where(row => row.Policy == policy);
        if (filter.TargetNamespace is { } target)
            query = query.Where(row => row.TargetNamespace == target);
        if (filter.Severity is { } severity)
            query = query.Where(row => row.Severity == severity);
        var (results, excepted) = (filter.Results, filter.Results.Contains(ResultWords.Excepted));
        if (results.Length > 0)
            query = query.Where(row => row.ExceptedBy == null ? results.Contains(row.Result) : excepted);
        if (after is not null)
            query = query.Where(row => string.Compare(row.Place, after) > 0);
        return await query.OrderBy(row => row.Place).Take(limit).ToListAsync(ct);
    }, ct);

    /// <summary>Sums at the end of those days on which something has changed; the first is that of <paramref name="from"/>.</summary>
    public Task<List<ComplianceDay>> TrendAsync(ComplianceFilter filter, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var (among, everywhere) = (filter.Among ?? [], filter.Among is null);
        var (@namespace, cluster, policy, target) = (filter.Namespace ?? "", filter.Cluster ?? "", filter.Policy ?? "", filter.TargetNamespace ?? "");
        // Each row against the one before it of the same policy: the sum of these steps up to a day is how it was then.
        return AskAsync(context => context.Database.SqlQuery<ComplianceDay>(
            $"""
            WITH steps AS (
                SELECT day,
                    pass - coalesce(lag(pass) OVER own, 0) AS pass, fail - coalesce(lag(fail) OVER own, 0) AS fail, warn - coalesce(lag(warn) OVER own, 0) AS warn,
                    error - coalesce(lag(error) OVER own, 0) AS error, skip - coalesce(lag(skip) OVER own, 0) AS skip, excepted - coalesce(lag(excepted) OVER own, 0) AS excepted
                FROM compliance_trend
                WHERE ({everywhere} OR namespace = ANY({among})) AND ({@namespace} = '' OR namespace = {@namespace}) AND ({cluster} = '' OR cluster = {cluster})
                    AND ({policy} = '' OR policy = {policy}) AND ({target} = '' OR target_namespace = {target}) AND day <= {to}
                WINDOW own AS (PARTITION BY namespace, cluster, source, policy, target_namespace ORDER BY day)),
            days AS (
                SELECT greatest(day, {from}) AS day, sum(pass) AS pass, sum(fail) AS fail, sum(warn) AS warn, sum(error) AS error, sum(skip) AS skip, sum(excepted) AS excepted
                FROM steps GROUP BY 1)
            SELECT day AS "Day", (sum(pass) OVER upto)::integer AS "Pass", (sum(fail) OVER upto)::integer AS "Fail", (sum(warn) OVER upto)::integer AS "Warn",
                (sum(error) OVER upto)::integer AS "Error", (sum(skip) OVER upto)::integer AS "Skip", (sum(excepted) OVER upto)::integer AS "Excepted"
            FROM days WINDOW upto AS (ORDER BY day) ORDER BY day
            """).ToListAsync(ct), ct);
    }

    private static IQueryable<CompliancePolicyRow> Of(IQueryable<CompliancePolicyRow> query, ComplianceFilter filter)
    {
        if (filter.Among is { } among)
            query = query.Where(row => among.Contains(row.Namespace));
        if (filter.Namespace is { } @namespace)
            query = query.Where(row => row.Namespace == @namespace);
        if (filter.Cluster is { } cluster)
            query = query.Where(row => row.Cluster == cluster);
        if (filter.Policy is { } policy)
            query = query.Where(row => row.Policy == policy);
        if (filter.TargetNamespace is { } target)
            query = query.Where(row => row.TargetNamespace == target);
        if (filter.Results is not { Length: > 0 } results)
            return query;
        var (pass, fail, warn, error, skip, excepted) = (
            results.Contains("pass"), results.Contains("fail"), results.Contains("warn"), results.Contains("error"), results.Contains("skip"), results.Contains(ResultWords.Excepted));
        return query.Where(row => (pass && row.Pass > 0) || (fail && row.Fail > 0) || (warn && row.Warn > 0) || (error && row.Error > 0) || (skip && row.Skip > 0) || (excepted && row.Excepted > 0));
    }

    private async Task<T> AskAsync<T>(Func<ComplianceContext, Task<T>> ask, CancellationToken ct)
    {
        try
        {
            await using var context = await contexts.OpenAsync(ct);
            // Figures and their freshness are of one moment.
            await using var snapshot = await context.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
            return await ask(context);
        }
        catch (Exception error) when (DatabaseFailures.IsOne(error))
        {
            throw new ComplianceStoreException(error);
        }
    }
}

/// <summary>How it was at the end of a day.</summary>
internal sealed record ComplianceDay(DateOnly Day, int Pass, int Fail, int Warn, int Error, int Skip, int Excepted);
