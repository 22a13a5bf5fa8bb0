using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Fleet.Contracts.Services;

/// <summary>Options of Helm that a template or a service may set. Absent means: the engine's default.</summary>
public sealed record ServiceHelmOptions
{
    [Description("Wait until the objects are ready.")]
    public bool? Wait { get; set; }

    [Description("Wait for Jobs as well.")]
    public bool? WaitForJobs { get; set; }

    [Description("Undo a failed installation or upgrade.")]
    public bool? Atomic { get; set; }

    [Description("How long Helm may take, for instance 5m0s.")]
    public string? Timeout { get; set; }

    [JsonPropertyName("skipCRDs"), Description("Do not install the chart's CRDs.")]
    public bool? SkipCrds { get; set; }

    [Description("Deprecated: use installOptions.createNamespace.")]
    public bool? CreateNamespace { get; set; }

    [Description("Deprecated: use installOptions.replace.")]
    public bool? Replace { get; set; }

    [Description("Update the chart's dependencies first.")]
    public bool? DependencyUpdate { get; set; }

    [Description("Run no hooks.")]
    public bool? DisableHooks { get; set; }

    [JsonPropertyName("disableOpenAPIValidation"), Description("Do not check objects against the server's schema.")]
    public bool? DisableOpenApiValidation { get; set; }

    [Description("Do not check values against the chart's schema.")]
    public bool? SkipSchemaValidation { get; set; }

    [Description("Accepted for compatibility.")]
    public bool? EnableClientCache { get; set; }

    [Description("Labels of the release.")]
    public Dictionary<string, string>? Labels { get; set; }

    [Description("Description of the release.")]
    public string? Description { get; set; }

    [Description("Options of an installation.")]
    public HelmInstallOptions? InstallOptions { get; set; }

    [Description("Options of an upgrade.")]
    public HelmUpgradeOptions? UpgradeOptions { get; set; }

    [Description("Options of a removal.")]
    public HelmUninstallOptions? UninstallOptions { get; set; }
}

public sealed record HelmInstallOptions
{
    [DefaultValue(true), Description("Create the namespace.")]
    public bool? CreateNamespace { get; set; }

    [Description("Run no hooks.")]
    public bool? DisableHooks { get; set; }

    [DefaultValue(true), Description("Reuse the name of a release that was uninstalled.")]
    public bool? Replace { get; set; }

    [Description("Take over objects that exist.")]
    public bool? TakeOwnership { get; set; }
}

public sealed record HelmUpgradeOptions
{
    [DefaultValue(2), Range(0, 1000), Description("Revisions to keep; 0 keeps all.")]
    public int? MaxHistory { get; set; }

    [Description("Replace objects that can not be changed.")]
    public bool? Force { get; set; }

    [Description("Restart pods.")]
    public bool? Recreate { get; set; }

    [Description("Delete new objects when the upgrade fails.")]
    public bool? CleanupOnFail { get; set; }

    [Description("Drop the values of the last release.")]
    public bool? ResetValues { get; set; }

    [Description("Use the chart's values, then the last release's, then the new ones.")]
    public bool? ResetThenReuseValues { get; set; }

    [Description("Keep the values of the last release.")]
    public bool? ReuseValues { get; set; }

    [Description("Render the notes of subcharts.")]
    public bool? SubNotes { get; set; }

    [Description("Take over objects that exist.")]
    public bool? TakeOwnership { get; set; }

    [JsonPropertyName("upgradeCRDs"), Description("Upgrade the chart's CRDs.")]
    public bool? UpgradeCrds { get; set; }

    [Description("Run no hooks.")]
    public bool? DisableHooks { get; set; }
}

public sealed record HelmUninstallOptions
{
    [Description("Keep the history of the release.")]
    public bool? KeepHistory { get; set; }

    [AllowedValues("orphan", "foreground", "background"), Description("What becomes of dependent objects.")]
    public string? DeletionPropagation { get; set; }

    [Description("Run no hooks.")]
    public bool? DisableHooks { get; set; }
}
