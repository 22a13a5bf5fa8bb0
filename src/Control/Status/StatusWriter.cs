using System.Text.Json.Nodes;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Status;

internal sealed class StatusWriter(IKubernetesClient client, TimeProvider clock) : IStatusWriter
{
    /// <summary>A status write that the API server cannot take in ten seconds is left to the next reconcile.</summary>
    internal static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Each conflict means that somebody else's write succeeded, so a few rounds are plenty.</summary>
    private const int Attempts = 5;

    public async Task<StatusWriteResult> WriteAsync(StatusChange change)
    {
        using var timeout = new CancellationTokenSource(WriteTimeout, clock);
        var resource = client.Dynamic(change.Kind);
        var seen = change.Seen;
        var version = change.Metadata.ResourceVersion;
        for (var attempt = 1; ; attempt++)
        {
            if (StatusPatch.Between(seen, change, clock.GetUtcNow()) is not { } patch)
                return StatusWriteResult.Unchanged;
            if (attempt == 1)
                change.Ownership.EnsureCurrent();
            else
                // What was read after the conflict may be a later owner's: only the store can say that it is not.
                await change.Ownership.ProveAsync(timeout.Token);
            try
            {
                var written = await resource.PatchAsync(
                    change.Metadata.Key, Patch.Merge(Body(change, patch, version)), new() { Subresource = "status" }, timeout.Token);
                change.Metadata.ResourceVersion = written.Metadata.ResourceVersion;
                return StatusWriteResult.Written;
            }
            catch (KubeApiException e) when (e.IsNotFound)
            {
                return StatusWriteResult.Gone;
            }
            catch (KubeApiException e) when (e.IsConflict && attempt < Attempts)
            {
                var fresh = await resource.GetAsync(change.Metadata.Key, timeout.Token);
                if (fresh is null || fresh.Metadata.Uid != change.Metadata.Uid)
                    return StatusWriteResult.Gone;
                seen = fresh.Root["status"] as JsonObject;
                version = fresh.Metadata.ResourceVersion;
            }
        }
    }

    private static JsonObject Body(StatusChange change, JsonObject patch, string? version)
    {
        // The uid keeps an object that was deleted and made anew from getting the status of the old one; the version refuses whoever has planned from an older one, above all an
        // owner that was frozen meanwhile.
        return new JsonObject { ["metadata"] = new JsonObject { ["uid"] = change.Metadata.Uid, ["resourceVersion"] = version }, ["status"] = patch };
    }
}
