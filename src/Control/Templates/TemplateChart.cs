using System.Diagnostics.CodeAnalysis;
using Fleet.Helm.Charts;

namespace Fleet.Control.Templates;

/// <summary>A chart that can be installed, or why there is none.</summary>
public sealed record TemplateChart
{
    private TemplateChart()
    {
    }

    public ChartArchive? Archive { get; private init; }

    /// <summary>A sentence for <c>status.validationError</c>.</summary>
    public string? Problem { get; private init; }

    /// <summary>The same may work later without anybody changing the template: look again.</summary>
    public bool MayPass { get; private init; }

    [MemberNotNullWhen(true, nameof(Archive))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool Found => Archive is not null;

    public static TemplateChart Of(ChartArchive archive) => new() { Archive = archive };

    public static TemplateChart Missing(string problem, bool mayPass) => new() { Problem = problem, MayPass = mayPass };
}
