using System.Globalization;
using Fleet.Helm.Binary;

namespace Fleet.Helm.Releases;

/// <summary>Options as flags of the helm that is installed. The only place that knows how helm 3 and 4 differ.</summary>
internal static class ReleaseArguments
{
    /// <summary><paramref name="exists"/> decides between install and upgrade options where they differ.</summary>
    public static (IReadOnlyList<string> Arguments, IReadOnlyList<string> Ignored) Upgrade(
        HelmVersion helm, ReleaseName release, string chart, string? valuesFile, ReleaseOptions options, bool exists)
    {
        var ignored = new List<string>();
        List<string> arguments = ["upgrade", release.Name, chart, "--install", "--namespace", release.Namespace, "--output", "json"];
        if (valuesFile is not null) arguments.AddRange(["--values", valuesFile]);
        arguments.AddRange(["--timeout", Duration(options.Timeout), "--history-max", Number(options.Upgrade.MaxHistory)]);
        Waiting(arguments, helm, options);

        Flag(arguments, options.SkipCrds, "--skip-crds");
        Flag(arguments, options.DependencyUpdate, "--dependency-update");
        Flag(arguments, options.DisableOpenApiValidation, "--disable-openapi-validation");
        Flag(arguments, options.SkipSchemaValidation, "--skip-schema-validation");
        Flag(arguments, options.DisableHooks || (exists ? options.Upgrade.DisableHooks : options.Install.DisableHooks), "--no-hooks");
        Flag(arguments, exists ? options.Upgrade.TakeOwnership : options.Install.TakeOwnership, "--take-ownership");
        Flag(arguments, options.Install.CreateNamespace, "--create-namespace");

        var upgrade = options.Upgrade;
        if (upgrade.Force)
        {
            // Replacing is not possible with server-side apply, which helm 4 takes by default.
            if (helm.Major >= 4) arguments.AddRange(["--force-replace", "--server-side=false"]);
            else arguments.Add("--force");
        }
        Flag(arguments, TakesFields(helm, options), "--force-conflicts");
        if (upgrade.Recreate)
        {
            if (helm.Major >= 4) ignored.Add("recreate");
            else arguments.Add("--recreate-pods");
        }
        Flag(arguments, upgrade.CleanupOnFail, "--cleanup-on-fail");
        Flag(arguments, upgrade.ResetValues, "--reset-values");
        Flag(arguments, upgrade.ReuseValues, "--reuse-values");
        Flag(arguments, upgrade.ResetThenReuseValues, "--reset-then-reuse-values");
        Flag(arguments, upgrade.SubNotes, "--render-subchart-notes");

        if (options.Description is { Length: > 0 } description) arguments.AddRange(["--description", description]);
        if (options.Labels.Count > 0) arguments.AddRange(["--labels", Labels(options.Labels)]);
        return (arguments, ignored);
    }

    public static IReadOnlyList<string> Uninstall(ReleaseName release, ReleaseOptions options)
    {
        List<string> arguments = ["uninstall", release.Name, "--namespace", release.Namespace, "--timeout", Duration(options.Timeout)];
        Flag(arguments, options.Wait, "--wait");
        Flag(arguments, options.Uninstall.KeepHistory, "--keep-history");
        Flag(arguments, options.DisableHooks || options.Uninstall.DisableHooks, "--no-hooks");
        if (options.Uninstall.DeletionPropagation is { Length: > 0 } propagation)
            arguments.AddRange(["--cascade", propagation.ToLowerInvariant()]);
        return arguments;
    }

    public static IReadOnlyList<string> Rollback(HelmVersion helm, ReleaseName release, int revision, ReleaseOptions options)
    {
        List<string> arguments = ["rollback", release.Name];
        if (revision > 0) arguments.Add(Number(revision));
        arguments.AddRange(["--namespace", release.Namespace, "--timeout", Duration(options.Timeout), "--history-max", Number(options.Upgrade.MaxHistory)]);
        Flag(arguments, options.Wait, "--wait");
        Flag(arguments, options.WaitForJobs, "--wait-for-jobs");
        Flag(arguments, options.DisableHooks || options.Upgrade.DisableHooks, "--no-hooks");
        Flag(arguments, options.Upgrade.CleanupOnFail, "--cleanup-on-fail");
        if (options.Upgrade.Force)
        {
            if (helm.Major >= 4) arguments.AddRange(["--force-replace", "--server-side=false"]);
            else arguments.Add("--force");
        }
        Flag(arguments, TakesFields(helm, options), "--force-conflicts");
        return arguments;
    }

    // Who replaces objects has no conflicts.
    private static bool TakesFields(HelmVersion helm, ReleaseOptions options) => helm.Major >= 4 && options is { ForceConflicts: true, Upgrade.Force: false };

    private static void Waiting(List<string> arguments, HelmVersion helm, ReleaseOptions options)
    {
        Flag(arguments, options.Wait, "--wait");
        Flag(arguments, options.WaitForJobs, "--wait-for-jobs");
        // Without --wait, helm 4 refuses --wait-for-jobs; helm 3 ignores it.
        Flag(arguments, options.WaitForJobs && !options.Wait && helm.Major >= 4, "--wait");
        Flag(arguments, options.Atomic, helm.Major >= 4 ? "--rollback-on-failure" : "--atomic");
    }

    private static void Flag(List<string> arguments, bool wanted, string flag)
    {
        if (wanted) arguments.Add(flag);
    }

    // Helm reads a comma as the next label and a backslash as an escape.
    private static string Labels(IReadOnlyDictionary<string, string> labels) =>
        string.Join(',', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));

    internal static string Duration(TimeSpan time) => Number((long)Math.Max(1, Math.Ceiling(time.TotalSeconds))) + "s";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
