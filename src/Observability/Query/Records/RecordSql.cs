using Npgsql;

namespace Fleet.Observability.Query.Records;

/// <summary>Conditions of a query with their parameters, so that nothing that was given becomes SQL.</summary>
internal sealed class RecordSql
{
    private readonly List<string> conditions = [];
    private readonly List<string> ours = ["true"];
    private readonly List<object> values = [];

    /// <summary>The parameter's name in SQL.</summary>
    public string Value(object value)
    {
        values.Add(value);
        return $"${values.Count}";
    }

    public void Where(string condition) => conditions.Add(condition);

    /// <summary>The conditions of the rows <paramref name="of"/> a table, joined by AND.</summary>
    public string Conditions(string of) => Join(ours.Concat(conditions), of);

    /// <summary>Only those that say whose rows may be read: they belong to each table that a query names.</summary>
    public string Scope(string of) => Join(ours, of);

    /// <summary>Partitions outside of it are not read.</summary>
    public void Within(TimeRange range)
    {
        Where($"@time >= {Value(range.From.UtcDateTime)}");
        Where($"@time < {Value(range.To.UtcDateTime)}");
    }

    public void Within(TelemetryScope scope)
    {
        if (scope.Cluster is { } cluster)
        {
            ours.Add($"@cluster_namespace = {Value(cluster.Namespace)}");
            ours.Add($"@cluster = {Value(cluster.Name)}");
        }
        else if (scope.Namespaces is { } namespaces)
            ours.Add($"@cluster_namespace = ANY ({Value(namespaces.ToArray())})");
    }

    public void Equal(string column, object? value)
    {
        if (value is not null)
            Where($"@{column} = {Value(value)}");
    }

    public void Of(WorkloadFilter? workload)
    {
        if (workload?.Namespace is { } @namespace)
            Where($"@k8s_namespace = {Value(@namespace)}");
        if (workload?.Pod is { } pod)
            Where($"@k8s_pod = {Value(pod)}");
        if (workload?.PodPattern is { } pattern)
            Where($"@k8s_pod ~ {Value(pattern)}");
        if (workload?.Node is { } node)
            Where($"@resource ->> 'k8s.node.name' = {Value(node)}");
    }

    /// <summary>Only what comes after the last row of the page before, newest first. A row's place changes only when the table is rewritten.</summary>
    public void After(RecordPlace? place)
    {
        if (place is not { } last)
            return;
        var time = Value(last.Time);
        Where($"@time <= {time}");
        Where($"(@time, @ctid) < ({time}, {Value(last.Row)}::tid)");
    }

    public NpgsqlCommand Command(string text, NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(text, connection);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return command;
    }

    private static string Join(IEnumerable<string> all, string of) => string.Join(" AND ", all.Select(condition => condition.Replace("@", of + ".", StringComparison.Ordinal)));
}
