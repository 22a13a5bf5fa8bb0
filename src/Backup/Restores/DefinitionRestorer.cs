using System.Text.Json.Nodes;
using Fleet.Backup.Archives;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Backup.Restores;

/// <summary>Brings the definitions of kinds that the cluster does not have. Those that are there stay: they may be newer.</summary>
internal sealed class DefinitionRestorer(RestoreOptions options, TimeProvider clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    public async Task<RestoredObject> RestoreAsync(PartKind kind, JsonObject saved, CancellationToken ct)
    {
        var item = new DynamicObject(saved);
        var definitions = options.Client.Dynamic(CoreKinds.Definitions);
        if (await definitions.GetAsync(item.Key, ct) is not null)
            return new(kind, item.Key, RestoreOutcome.Present);
        if (options.DryRun)
            return new(kind, item.Key, RestoreOutcome.Created);
        var body = saved.DeepClone().AsObject();
        body.Remove("status");
        foreach (var field in (string[])["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "ownerReferences", "deletionTimestamp", "deletionGracePeriodSeconds"])
            body["metadata"]!.AsObject().Remove(field);
        try
        {
            await definitions.CreateAsync(new(body), ObjectRestorer.FieldManager, ct);
            return new(kind, item.Key, RestoreOutcome.Created);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            return new(kind, item.Key, RestoreOutcome.Present);
        }
        catch (KubeApiException e) when (!e.IsTransient)
        {
            return new(kind, item.Key, RestoreOutcome.Failed, e.Message);
        }
    }

    /// <summary>Until discovery has the kinds of these definitions.</summary>
    /// <exception cref="TimeoutException">It took too long; a second restore goes on from here.</exception>
    public async Task WaitServedAsync(IReadOnlyList<(string Group, string Plural)> kinds, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            options.Client.Discovery.Invalidate();
            var served = (await options.Client.Discovery.AllAsync(ct)).Select(row => (row.Kind.Group, row.Kind.Plural)).ToHashSet();
            var lacking = kinds.Where(kind => !served.Contains(kind)).ToList();
            if (lacking.Count == 0)
                return;
            if (clock.GetElapsedTime(started) > options.DefinitionTimeout)
                throw new TimeoutException($"The API server does not serve {lacking[0].Plural}.{lacking[0].Group} although its definition was restored. Run the restore again: it goes on from here.");
            await Task.Delay(LookEvery, clock, ct);
        }
    }
}
