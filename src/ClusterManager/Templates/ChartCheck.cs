using Fleet.Contracts.Templates;
using Fleet.Control.Durations;
using Fleet.Control.Grains;
using Fleet.Control.Reconciling;
using Fleet.Control.Templates;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Templates;

/// <summary>The part of the check that templates of every kind share: pull the chart, look at it, publish its schema.</summary>
internal sealed class ChartCheck(ITemplateCharts charts, TemplateSchemas schemas)
{
    /// <summary>When nothing reports that a chart or repository has appeared. Objects of the API report at once.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    /// <summary>Flux' default for charts.</summary>
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(10);

    /// <summary>More often than this nothing is asked, whatever a template says.</summary>
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(20);

    /// <param name="helm">The template's <c>spec.helm</c>.</param>
    /// <param name="namespace">Where its sources are when they name no namespace.</param>
    /// <param name="schemaName">The name under which a schema is published.</param>
    /// <param name="problemsOf">What the chart's metadata break.</param>
    /// <param name="ct">Ends the check.</param>
    public async Task<CheckedChart> OfAsync(
        HelmSpec helm, string @namespace, string schemaName, Func<ChartMetadata, IReadOnlyList<string>> problemsOf, CancellationToken ct)
    {
        try
        {
            var chart = await charts.PullAsync(helm, @namespace, null, ct);
            var errors = problemsOf(chart.Content.Metadata);
            return new(new()
            {
                Chart = chart,
                Error = errors.Count > 0 ? string.Join("; ", errors) : null,
                SchemaConfigMapName = chart.Content.Schema is null ? null : schemaName,
            });
        }
        catch (TemplateChartException e)
        {
            return new(new() { Error = e.Message }) { MayPass = e.MayAppear };
        }
        catch (HelmException e)
        {
            // A chart that is not there may be pushed later; only a broken one stays broken.
            return new(new() { Error = e.Message }) { MayPass = e.Kind != HelmErrorKind.ChartInvalid, IsOutage = e.IsTransient };
        }
    }

    /// <summary>Publishes the schema, or withdraws what an earlier version of the chart had.</summary>
    public Task PublishAsync(ResourceKind kind, ObjectMeta template, bool wasPublished, CheckedChart found, GrainOwnership ownership, CancellationToken ct)
    {
        if (found.Findings.Chart is not { } chart)
            return Task.CompletedTask;
        if (chart.Content.Schema is { } schema)
            return schemas.PublishAsync(kind, template, schema, ownership, ct);
        return wasPublished ? schemas.WithdrawAsync(kind, template, ownership, ct) : Task.CompletedTask;
    }

    public static Outcome Next(HelmSpec helm, CheckedChart found, string reason)
    {
        if (found.Findings.Error is { } error)
            return found.MayPass ? Outcome.Waiting("ChartUnavailable", LookAgain) : Outcome.Stalled(reason, error);
        if (!FollowsVersions(helm))
            return Outcome.Done;
        var interval = GoDuration.TryParse(helm.ChartSpec?.Interval, out var stated) ? stated : DefaultInterval;
        return Outcome.After(interval < ShortestInterval ? ShortestInterval : interval);
    }

    /// <summary>Whether the template may come to mean another chart: a range, a branch, an object in between; not one version of a repository.</summary>
    public static bool FollowsVersions(HelmSpec helm) =>
        helm.ChartSpec is not { } chart
        || chart.SourceRef is { Kind: not "HelmRepository" }
        || chart.Version is not { Length: > 0 } version
        || version.IndexOfAny(['*', 'x', '^', '~', '<', '>', '=', ' ', ',', '|']) >= 0;
}

/// <summary>How a check went.</summary>
internal sealed record CheckedChart(TemplateFindings Findings)
{
    /// <summary>The error may go away without a change of the template.</summary>
    public bool MayPass { get; init; }

    /// <summary>The repository does not answer: that says nothing about the chart.</summary>
    public bool IsOutage { get; init; }

    /// <summary>A template that was found valid stays valid while its repository is away.</summary>
    public bool Keeps(TemplateStatus? seen, long? generation) => IsOutage && seen is { Valid: true } && seen.ObservedGeneration == generation;
}
