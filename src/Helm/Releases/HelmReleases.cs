using System.Text.Json.Nodes;
using Fleet.Helm.Errors;
using Fleet.Helm.Owners;
using Fleet.Helm.Patches;
using Fleet.Helm.Processes;
using Fleet.Helm.Values;

namespace Fleet.Helm.Releases;

internal sealed class HelmReleases(HelmRunner helm, PatchedRuns patched, IReleaseRecords records, ReleaseOwners owners) : IHelm
{
    public async Task<HelmRelease> UpgradeAsync(UpgradeRequest request, CancellationToken ct)
    {
        var binary = await helm.BinaryAsync(ct);
        var exists = !NeedsToKnowWhetherItExists(request.Options) || await StatusAsync(request.Release, request.Cluster, ct) is { State: not ReleaseState.Uninstalled };
        IReadOnlyList<string> ignored = [];
        var options = request.ServerChecksFields ? request.Options with { DisableOpenApiValidation = true } : request.Options;
        var result = await patched.RunAsync(request.Patches, request.Secrets, extra => helm.RunAsync(request.Cluster, request.Values, valuesFile =>
        {
            (var arguments, ignored) = ReleaseArguments.Upgrade(binary.Version, request.Release, request.Chart.Path, valuesFile, options, exists);
            return [.. arguments, .. extra.Arguments, .. request.DryRun ? (string[])["--dry-run=server"] : []];
        }, HelmRunner.WithMargin(options.Timeout), request.Secrets, ct, extra.Environment), ct);

        if (request.DryRun && result.OutputTruncated)
            throw new HelmException(HelmErrorKind.RenderFailed, "The chart renders to more text than Fleet accepts.");
        var release = result.OutputTruncated
            ? await StatusAsync(request.Release, request.Cluster, ct) ?? throw new HelmException(HelmErrorKind.Unknown, "helm reported success, but the release is not there.")
            : HelmOutput.Upgraded(result.Output, request.Release);
        return release with
        {
            Chart = $"{request.Chart.Name}-{request.Chart.Version}",
            AppVersion = request.Chart.Content.Metadata.AppVersion,
            IgnoredOptions = ignored,
        };
    }

    public async Task<string> TemplateAsync(TemplateRequest request, CancellationToken ct)
    {
        using var folder = helm.CreateFolder();
        var values = await HelmRunner.WriteAsync(folder, "values.json", YamlValues.ToFile(request.Values), ct);
        List<string> arguments = ["template", request.Release.Name, request.Chart.Path, "--namespace", request.Release.Namespace, "--values", values];
        if (request.KubeVersion is { Length: > 0 } version) arguments.AddRange(["--kube-version", version]);
        foreach (var api in request.ApiVersions) arguments.AddRange(["--api-versions", api]);
        if (request.IncludeCrds) arguments.Add("--include-crds");
        if (request.NoHooks) arguments.Add("--no-hooks");
        if (request.SkipSchemaValidation) arguments.Add("--skip-schema-validation");
        var result = await patched.RunAsync(
            request.Patches, request.Secrets, extra => helm.RunAsync(folder, [.. arguments, .. extra.Arguments], null, new SecretMask(request.Secrets), ct, extra.Environment), ct);
        return result.OutputTruncated ? throw new HelmException(HelmErrorKind.RenderFailed, "The chart renders to more text than Fleet accepts.") : result.Output;
    }

    public async Task<HelmRelease?> StatusAsync(ReleaseName release, ClusterAccess cluster, CancellationToken ct)
    {
        // history rather than status: it does not carry the manifest, which may be megabytes.
        var history = await HistoryAsync(release, cluster, 1, ct);
        return history.Count == 0 ? null : history[0];
    }

    public Task<IReadOnlyList<HelmRelease>> HistoryAsync(ReleaseName release, ClusterAccess cluster, CancellationToken ct) =>
        HistoryAsync(release, cluster, 256, ct);

    public async Task<IReadOnlyList<HelmRelease>> ListAsync(ClusterAccess cluster, string? ns, CancellationToken ct)
    {
        var binary = await helm.BinaryAsync(ct);
        // helm 4 lists every state by default and has no --all.
        List<string> arguments = ["list", "--output", "json", "--max", "0", .. ns is null ? (string[])["--all-namespaces"] : ["--namespace", ns]];
        if (binary.Version.Major == 3) arguments.Add("--all");
        return HelmOutput.List((await QuickAsync(cluster, arguments, ct)).Output);
    }

    public async Task<JsonObject> GetValuesAsync(ReleaseName release, ClusterAccess cluster, bool all, CancellationToken ct)
    {
        List<string> arguments = ["get", "values", release.Name, "--namespace", release.Namespace, "--output", "json"];
        if (all) arguments.Add("--all");
        // Prints null when no values were given.
        return JsonNode.Parse((await QuickAsync(cluster, arguments, ct)).Output) as JsonObject ?? [];
    }

    public async Task<string> GetManifestAsync(ReleaseName release, ClusterAccess cluster, CancellationToken ct) =>
        (await QuickAsync(cluster, ["get", "manifest", release.Name, "--namespace", release.Namespace], ct)).Output;

    public async Task RollbackAsync(ReleaseName release, ClusterAccess cluster, int revision, ReleaseOptions options, CancellationToken ct)
    {
        var binary = await helm.BinaryAsync(ct);
        await helm.RunAsync(cluster, null, _ => ReleaseArguments.Rollback(binary.Version, release, revision, options), HelmRunner.WithMargin(options.Timeout), [], ct);
    }

    public async Task<bool> UninstallAsync(ReleaseName release, ClusterAccess cluster, ReleaseOptions options, CancellationToken ct)
    {
        try
        {
            await helm.RunAsync(cluster, null, _ => ReleaseArguments.Uninstall(release, options), HelmRunner.WithMargin(options.Timeout), [], ct);
            return true;
        }
        catch (HelmException e) when (e.Kind == HelmErrorKind.ReleaseNotFound)
        {
            return false;
        }
    }

    public Task<ReleaseHold> OwnAsync(ReleaseName release, ClusterAccess cluster, ReleaseOwner? owner, ReleaseOperation operation, CancellationToken ct) =>
        owners.WinAsync(release, cluster, owner, operation, ct);

    public async Task<RecoveryResult> RecoverAsync(ReleaseName release, ClusterAccess cluster, CancellationToken ct)
    {
        var history = await HistoryAsync(release, cluster, ct);
        if (history.Count == 0 || !history[0].IsPending) return RecoveryResult.NotNeeded;

        var good = history.FirstOrDefault(r => r.State == ReleaseState.Deployed) ?? history.FirstOrDefault(r => r.State == ReleaseState.Superseded);
        if (good is not null)
        {
            // Hooks ran when that revision was made; running them again could repeat a migration.
            var options = ReleaseOptions.Default with { DisableHooks = true };
            try
            {
                await RollbackAsync(release, cluster, good.Revision, options, ct);
            }
            catch (HelmException e) when (e.Kind == HelmErrorKind.FieldConflict)
            {
                // Nothing else frees the release, and nobody corrects its objects until it is free.
                await RollbackAsync(release, cluster, good.Revision, options with { ForceConflicts = true }, ct);
            }
            return RecoveryResult.RolledBack;
        }
        await RemovePendingAsync(release, history, cluster, ct);
        return RecoveryResult.RecordRemoved;
    }

    public async Task ForgetPendingAsync(ReleaseName release, ClusterAccess cluster, CancellationToken ct) =>
        await RemovePendingAsync(release, await HistoryAsync(release, cluster, ct), cluster, ct);

    private async Task RemovePendingAsync(ReleaseName release, IReadOnlyList<HelmRelease> history, ClusterAccess cluster, CancellationToken ct)
    {
        foreach (var revision in history.Where(r => r.IsPending)) await records.RemoveAsync(release, revision.Revision, cluster, ct);
    }

    public async Task<IReadOnlyList<string>> LintAsync(string chartFolderOrArchive, JsonObject? values, CancellationToken ct)
    {
        using var folder = helm.CreateFolder();
        List<string> arguments = ["lint", Path.GetFullPath(chartFolderOrArchive), "--strict", "--quiet"];
        if (values is not null) arguments.AddRange(["--values", await HelmRunner.WriteAsync(folder, "values.json", YamlValues.ToFile(values), ct)]);
        try
        {
            return Complaints((await helm.RunAsync(folder, arguments, null, SecretMask.None, ct)).Output);
        }
        catch (HelmException e) when (e.Kind is not (HelmErrorKind.BinaryMissing or HelmErrorKind.Timeout))
        {
            return [.. Complaints(e.Message).DefaultIfEmpty(e.Message)];
        }
    }

    private static IReadOnlyList<string> Complaints(string output) =>
        [.. output.Split('\n', StringSplitOptions.TrimEntries).Where(l => l.StartsWith("[WARNING]", StringComparison.Ordinal) || l.StartsWith("[ERROR]", StringComparison.Ordinal))];

    private async Task<IReadOnlyList<HelmRelease>> HistoryAsync(ReleaseName release, ClusterAccess cluster, int max, CancellationToken ct)
    {
        try
        {
            List<string> arguments =
                ["history", release.Name, "--namespace", release.Namespace, "--output", "json", "--max", max.ToString(System.Globalization.CultureInfo.InvariantCulture)];
            return HelmOutput.History((await QuickAsync(cluster, arguments, ct)).Output, release);
        }
        catch (HelmException e) when (e.Kind == HelmErrorKind.ReleaseNotFound)
        {
            return [];
        }
    }

    private Task<ProcessResult> QuickAsync(ClusterAccess cluster, IReadOnlyList<string> arguments, CancellationToken ct) =>
        helm.RunAsync(cluster, null, _ => arguments, null, [], ct);

    private static bool NeedsToKnowWhetherItExists(ReleaseOptions options) =>
        options.Install.DisableHooks != options.Upgrade.DisableHooks || options.Install.TakeOwnership != options.Upgrade.TakeOwnership;
}
