using Fleet.Contracts.Services;
using Fleet.Contracts.Templates;
using Fleet.Control.Durations;
using Fleet.Control.Templates;
using Fleet.Helm.Errors;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.ServiceTemplates;

/// <summary>Whether a ServiceTemplate can be used: what is wrong in it, and what it is taken from.</summary>
internal sealed class ServiceTemplateCheck(ITemplateCharts charts, ISourceFiles sources, ManifestTemplateCheck manifests)
{
    public async Task<TemplateCheck> CheckAsync(ServiceTemplateSpec spec, ObjectKey template, CancellationToken ct)
    {
        if ((OptionsProblem(spec.HelmOptions) ?? EngineProblem(spec)) is { } problem)
            return new TemplateCheck(null, problem, false);
        if (spec.Helm is not { } helm)
            return await manifests.CheckAsync(spec, template, ct);
        var check = await CheckAsync(spec, helm, template, ct);
        return helm.ChartSource is { } source && !check.IsPassing ? check with { Interval = await sources.IntervalAsync(source, template, ct) } : check;
    }

    private async Task<TemplateCheck> CheckAsync(ServiceTemplateSpec spec, HelmSpec helm, ObjectKey template, CancellationToken ct)
    {
        try
        {
            var chart = await charts.PullAsync(helm, template.Namespace, null, ct);
            return new TemplateCheck(chart, KubernetesCompatibility.ConstraintProblem(ServiceTemplateStatusFrom.Constraint(spec, chart)), false);
        }
        catch (TemplateChartException e)
        {
            return new TemplateCheck(null, e.Message, e.MayAppear);
        }
        catch (HelmException e)
        {
            return new TemplateCheck(null, e.Message, e.IsTransient || e.Kind is HelmErrorKind.ChartNotFound or HelmErrorKind.AuthenticationFailed);
        }
    }

    /// <summary>Admission refuses these; API servers without rules in definitions and without our webhook let them in.</summary>
    private static string? EngineProblem(ServiceTemplateSpec spec) => new object?[] { spec.Helm, spec.Kustomize, spec.Resources }.Count(engine => engine is not null) switch
    {
        0 => "One of Helm, Kustomize, or Resources must be specified.",
        1 => null,
        _ => "Helm, Kustomize and Resources are mutually exclusive.",
    };

    private static string? OptionsProblem(ServiceHelmOptions? options) =>
        options?.Timeout is { } timeout && !GoDuration.TryParse(timeout, out _)
            ? $"spec.helmOptions.timeout {timeout} is not a duration, for instance 5m or 1h30m"
            : null;
}
