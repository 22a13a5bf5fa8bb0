using Fleet.Contracts.Templates;

namespace Fleet.Control.Placement;

/// <summary>The version that a service of a template has. Upstream's order: what the service says, the template, its chart, else the template's name.</summary>
public static class ServiceVersion
{
    public static string Of(string? stated, string template, ServiceTemplateSpec? spec)
    {
        foreach (var version in (string?[])[stated, spec?.Version, spec?.Helm?.ChartSpec?.Version])
            if (!string.IsNullOrEmpty(version))
                return version;
        return template;
    }
}
