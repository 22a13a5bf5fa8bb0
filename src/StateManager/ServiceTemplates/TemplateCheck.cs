using Fleet.Helm.Charts;

namespace Fleet.StateManager.ServiceTemplates;

/// <summary>How the check of a template ended. A passing error may go away without a change of the template.</summary>
internal sealed record TemplateCheck(ChartArchive? Chart, string? Error, bool IsPassing);
