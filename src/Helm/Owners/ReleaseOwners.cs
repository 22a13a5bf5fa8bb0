using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Helm.Errors;
using Fleet.Helm.Processes;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Helm.Owners;

/// <summary>
/// Wins releases for their owners, since helm itself asks nobody: a record beside the release is written by compare-and-swap before helm begins. Reads, proves ownership, writes
/// under the version that was read, as every other write of an owner.
/// </summary>
internal sealed class ReleaseOwners(TimeProvider clock)
{
    internal static readonly ResourceKind Secrets = new("", "v1", "Secret", "secrets", Namespaced: true);

    private static readonly ResourceKind Namespaces = new("", "v1", "Namespace", "namespaces", Namespaced: false);

    /// <summary>A helm whose owner was cut off has been ended by then; a longer wait is visible in status and tried again.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private const int Conflicts = 5;

    /// <exception cref="HelmException">Locked: an older owner's helm may still run, or a later owner has it though the store says that we are the owner.</exception>
    public async Task<ReleaseHold> WinAsync(ReleaseName release, ClusterAccess cluster, ReleaseOwner? owner, ReleaseOperation operation, CancellationToken ct)
    {
        if (owner is null)
            return ReleaseHold.OfNobody;
        var client = cluster.Connect(clock);
        try
        {
            if (await WinAsync(client, release, owner, operation, ct) is { } won)
                return new(client, release, won.Record, won.Written);
            client.Dispose();
            return ReleaseHold.OfNobody;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private async Task<(OwnerRecord Record, ObjectMeta Written)?> WinAsync(
        IKubernetesClient client, ReleaseName release, ReleaseOwner owner, ReleaseOperation operation, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        for (var conflicts = 0; conflicts < Conflicts;)
        {
            var seen = await AskAsync(release, () => client.Dynamic(Secrets).GetAsync(OwnerRecord.KeyOf(release), ct));
            var newest = await AskAsync(release, () => NewestAsync(client, release, ct));
            await owner.Prove(ct);
            var (known, now) = (seen is null ? null : OwnerRecord.Read(seen), clock.GetUtcNow());
            var verdict = OwnerVerdicts.Of(known, newest, owner.Epoch, now);
            if (verdict == OwnerVerdict.Refuse)
                throw new HelmException(HelmErrorKind.Locked,
                    $"Release {release} is {known!.Holder}'s under epoch {known.Epoch}, and ours is only {owner.Epoch}; if nobody has it any more, delete Secret {OwnerRecord.KeyOf(release)}.");
            if (verdict == OwnerVerdict.Wait)
            {
                if (clock.GetElapsedTime(began) > Patience)
                    throw new HelmException(HelmErrorKind.Locked,
                        $"{known!.Holder}, which had release {release} before, may still run {known.Operation!.Name} until {known.Operation.Until:yyyy-MM-dd HH:mm:ss} UTC.");
                await Task.Delay(Look, clock, ct);
                continue;
            }
            var limit = HelmRunner.WithMargin(operation.Timeout) + (operation.Recovers ? HelmRunner.WithMargin(ReleaseOptions.Default.Timeout) : TimeSpan.Zero);
            // A run that makes several revisions has not ended with the first.
            int? after = operation.Recovers || operation.HasManySteps ? null : newest?.Revision ?? 0;
            var record = new OwnerRecord(owner.Epoch, owner.Holder, new(operation.Name, now + limit, after));
            switch (await WriteAsync(client, release, record, seen?.Metadata, operation, ct))
            {
                case { Written: { } written }:
                    // Nothing refuses a record where there was none: the former one may have gone with a release that a later owner has removed.
                    if (seen is null)
                        await ProveAsync(client, release, written, owner, ct);
                    return (record, written);
                case { HasNoPlace: true }:
                    return null;
                default:
                    conflicts++;
                    break;
            }
        }
        throw new HelmException(HelmErrorKind.Locked, $"The owner of release {release} keeps changing.");
    }

    private static async Task<(ObjectMeta? Written, bool HasNoPlace)> WriteAsync(
        IKubernetesClient client, ReleaseName release, OwnerRecord record, ObjectMeta? seen, ReleaseOperation operation, CancellationToken ct)
    {
        var body = new DynamicObject(record.Manifest(release, seen));
        try
        {
            return ((seen is null ? await client.Dynamic(Secrets).CreateAsync(body, ct) : await client.Dynamic(Secrets).UpdateAsync(body, ct)).Metadata, false);
        }
        catch (KubeApiException e) when (e.IsConflict || e.IsAlreadyExists || (e.IsNotFound && seen is not null))
        {
            return (null, false);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            // Without a namespace helm can store nothing either, and says so.
            if (!operation.CreatesNamespace)
                return (null, true);
            await AskAsync(release, () => MakeNamespaceAsync(client, release.Namespace, ct));
            return (null, false);
        }
        catch (KubeApiException e) when (e.IsForbidden && operation.Removes)
        {
            // The namespace is going, and everything in it.
            return (null, true);
        }
        catch (KubeApiException e)
        {
            throw Failed(release, e);
        }
    }

    private static async Task ProveAsync(IKubernetesClient client, ReleaseName release, ObjectMeta written, ReleaseOwner owner, CancellationToken ct)
    {
        try
        {
            await owner.Prove(ct);
        }
        catch
        {
            await client.Dynamic(Secrets).DeleteAsync(OwnerRecord.KeyOf(release), new() { Uid = written.Uid, ResourceVersion = written.ResourceVersion }, ct);
            throw;
        }
    }

    private static async Task<NewestRevision?> NewestAsync(IKubernetesClient client, ReleaseName release, CancellationToken ct)
    {
        var found = await client.Metadata(Secrets).ListAsync(
            new() { Namespace = release.Namespace, LabelSelector = $"owner=helm,name={release.Name}" },
            record => record.Metadata.Labels is { } labels && int.TryParse(labels.GetValueOrDefault("version"), NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
                ? new NewestRevision(revision, labels.GetValueOrDefault("status", ""))
                : (NewestRevision?)null,
            ct);
        return found.Items.MaxBy(record => record?.Revision ?? -1);
    }

    private static async Task<bool> MakeNamespaceAsync(IKubernetesClient client, string name, CancellationToken ct)
    {
        try
        {
            // With the label that helm gives namespaces of its making.
            await client.Dynamic(Namespaces).CreateAsync(
                new(new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["name"] = name } } }), ct);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            // Somebody was faster, which is as good.
        }
        return true;
    }

    private static async Task<T> AskAsync<T>(ReleaseName release, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (KubeApiException e)
        {
            throw Failed(release, e);
        }
    }

    private static HelmException Failed(ReleaseName release, KubeApiException e) => new(
        e.Code == 0 ? HelmErrorKind.ClusterUnreachable : HelmErrorKind.ReleaseFailed,
        $"The owner of release {release} cannot be recorded in Secret {OwnerRecord.KeyOf(release)}, without which helm is not run: {e.Message}", e);
}
