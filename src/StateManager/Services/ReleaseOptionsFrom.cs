using Fleet.Contracts.Services;
using Fleet.Control.Durations;
using Fleet.Helm.Releases;

namespace Fleet.StateManager.Services;

/// <summary>
/// Helm's options for a service: the service's own over the template's over the defaults. <c>atomic</c> is never forced, unlike upstream:
/// a failed upgrade must not take a working release away.
/// </summary>
internal static class ReleaseOptionsFrom
{
    public static ReleaseOptions Both(ServiceHelmOptions? service, ServiceHelmOptions? template)
    {
        var own = service ?? new();
        var under = template ?? new();
        var defaults = ReleaseOptions.Default;
        return new ReleaseOptions
        {
            Wait = own.Wait ?? under.Wait ?? defaults.Wait,
            WaitForJobs = own.WaitForJobs ?? under.WaitForJobs ?? defaults.WaitForJobs,
            Atomic = own.Atomic ?? under.Atomic ?? defaults.Atomic,
            Timeout = GoDuration.TryParse(own.Timeout ?? under.Timeout, out var timeout) ? timeout : defaults.Timeout,
            SkipCrds = own.SkipCrds ?? under.SkipCrds ?? defaults.SkipCrds,
            DependencyUpdate = own.DependencyUpdate ?? under.DependencyUpdate ?? defaults.DependencyUpdate,
            DisableHooks = own.DisableHooks ?? under.DisableHooks ?? defaults.DisableHooks,
            DisableOpenApiValidation = own.DisableOpenApiValidation ?? under.DisableOpenApiValidation ?? defaults.DisableOpenApiValidation,
            SkipSchemaValidation = own.SkipSchemaValidation ?? under.SkipSchemaValidation ?? defaults.SkipSchemaValidation,
            Labels = own.Labels ?? under.Labels ?? defaults.Labels,
            Description = own.Description ?? under.Description,
            Install = Install(own, under),
            Upgrade = Upgrade(own.UpgradeOptions ?? new(), under.UpgradeOptions ?? new()),
            Uninstall = Uninstall(own.UninstallOptions ?? new(), under.UninstallOptions ?? new()),
        };
    }

    private static InstallOptions Install(ServiceHelmOptions own, ServiceHelmOptions under)
    {
        var defaults = ReleaseOptions.Default.Install;
        return new InstallOptions
        {
            CreateNamespace = own.InstallOptions?.CreateNamespace ?? own.CreateNamespace
                ?? under.InstallOptions?.CreateNamespace ?? under.CreateNamespace ?? defaults.CreateNamespace,
            DisableHooks = own.InstallOptions?.DisableHooks ?? under.InstallOptions?.DisableHooks ?? defaults.DisableHooks,
            TakeOwnership = own.InstallOptions?.TakeOwnership ?? under.InstallOptions?.TakeOwnership ?? defaults.TakeOwnership,
        };
    }

    private static UpgradeOptions Upgrade(HelmUpgradeOptions own, HelmUpgradeOptions under)
    {
        var defaults = ReleaseOptions.Default.Upgrade;
        return new UpgradeOptions
        {
            MaxHistory = own.MaxHistory ?? under.MaxHistory ?? defaults.MaxHistory,
            Force = own.Force ?? under.Force ?? defaults.Force,
            Recreate = own.Recreate ?? under.Recreate ?? defaults.Recreate,
            CleanupOnFail = own.CleanupOnFail ?? under.CleanupOnFail ?? defaults.CleanupOnFail,
            ResetValues = own.ResetValues ?? under.ResetValues ?? defaults.ResetValues,
            ReuseValues = own.ReuseValues ?? under.ReuseValues ?? defaults.ReuseValues,
            ResetThenReuseValues = own.ResetThenReuseValues ?? under.ResetThenReuseValues ?? defaults.ResetThenReuseValues,
            SubNotes = own.SubNotes ?? under.SubNotes ?? defaults.SubNotes,
            TakeOwnership = own.TakeOwnership ?? under.TakeOwnership ?? defaults.TakeOwnership,
            DisableHooks = own.DisableHooks ?? under.DisableHooks ?? defaults.DisableHooks,
        };
    }

    private static UninstallOptions Uninstall(HelmUninstallOptions own, HelmUninstallOptions under) => new()
    {
        KeepHistory = own.KeepHistory ?? under.KeepHistory ?? false,
        DeletionPropagation = own.DeletionPropagation ?? under.DeletionPropagation,
        DisableHooks = own.DisableHooks ?? under.DisableHooks ?? false,
    };
}
