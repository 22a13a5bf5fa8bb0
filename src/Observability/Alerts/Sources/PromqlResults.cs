using System.Globalization;
using System.Text.Json;
using Fleet.Contracts.Alerts;
using Fleet.Observability.Alerts.Matching;
using Fleet.Observability.Query;
using Fleet.Observability.Query.Prometheus;

namespace Fleet.Observability.Alerts.Sources;

/// <summary>An instant query of the metrics store, which sees series of the clusters that the rule's namespace reaches and no others.</summary>
internal sealed class PromqlResults(IServiceProvider services) : IAlertSource
{
    public bool IsFor(AlertRuleEntry rule) => rule.Promql is not null;

    public async Task<IReadOnlyList<SourceSample>> AskAsync(SourceQuestion question, CancellationToken ct)
    {
        // Where there is no store nothing is registered.
        var store = services.GetService<MetricsQueries>() ?? throw new AlertSourceException("there is no metrics store that can be asked: see --metrics-store and --metrics-query", isMissing: true);
        try
        {
            var scope = question.IsSystem ? TelemetryScope.Everything : new TelemetryScope([question.Rule.Namespace]);
            return Read(await store.EvaluateAsync(scope, question.Entry.Promql!.Expr, question.Now, ct));
        }
        catch (Exception e) when (e is PromQueryException or TelemetryUnavailableException or TelemetryQueryException)
        {
            throw new AlertSourceException(e.Message);
        }
    }

    /// <summary>What Prometheus answers: a vector, or a scalar as one series without labels.</summary>
    internal static IReadOnlyList<SourceSample> Read(JsonElement data)
    {
        try
        {
            return data.GetProperty("resultType").GetString() switch
            {
                "vector" => [.. data.GetProperty("result").EnumerateArray().Select(series => new SourceSample(
                    AlertLabels.Of(series.GetProperty("metric").EnumerateObject().Select(label => KeyValuePair.Create(label.Name, label.Value.GetString() ?? ""))), Value(series.GetProperty("value"))))],
                "scalar" => [new SourceSample(AlertLabels.None, Value(data.GetProperty("result")))],
                var other => throw new AlertSourceException($"the expression gives a {other}: an alert needs a vector of the present"),
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new AlertSourceException("the metrics store's answer is not what Prometheus answers");
        }
    }

    private static double Value(JsonElement pair) => pair[1].GetString() switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        var number => double.Parse(number ?? "", NumberStyles.Float, CultureInfo.InvariantCulture),
    };
}
