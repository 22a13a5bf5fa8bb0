using System.ComponentModel;

namespace Fleet.Contracts.Api;

/// <summary>A ClusterTemplate, ServiceTemplate or ProviderTemplate.</summary>
public sealed record TemplateView
{
    [Description("Cluster, Service or Provider. A ProviderTemplate is of the whole installation and has no namespace.")]
    public required string Kind { get; init; }
    public string? Namespace { get; init; }
    public required string Name { get; init; }
    public string? Uid { get; init; }

    [Description("Also the ETag of the object.")]
    public string? ResourceVersion { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
    public bool Valid { get; init; }

    [Description("Why it can not be used.")]
    public string? ValidationError { get; init; }
    public string? Chart { get; init; }
    public string? ChartVersion { get; init; }
    public string? KubernetesVersion { get; init; }
    public string? KubernetesConstraint { get; init; }
    public IReadOnlyList<string> Providers { get; init; } = [];
    public string? Description { get; init; }
    public DateTimeOffset? Created { get; init; }
}
