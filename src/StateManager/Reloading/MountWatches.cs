using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Control.Queueing;
using Fleet.Helm.Values;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.StateManager.Reloading;

/// <summary>
/// The ConfigMaps and Secrets of one cluster that pods of reloaded services take something from, whoever made them. Only their metadata is watched; one
/// that is named is read when it has changed, and of its content a hash is kept. Begins with the first question.
/// </summary>
internal sealed class MountWatches(IKubernetesClient client, Action changed, TimeProvider clock, IJitterSource jitter) : IAsyncDisposable
{
    /// <summary>Until then it is asked again at the next turn.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<MountedSource, (string Version, string Hash)> contents = new();
    private Dictionary<string, Informer<PartialObjectMetadata, string>>? watches;

    /// <summary>Equal as long as all of them hold the same; null while that cannot be told.</summary>
    /// <exception cref="KubeApiException">One of them cannot be read.</exception>
    public async Task<string?> HashAsync(IReadOnlyList<MountedSource> sources, CancellationToken ct)
    {
        watches ??= Begin();
        if (!await AreReadAsync(ct))
            return null;
        var text = new StringBuilder();
        foreach (var source in sources)
            text.Append(source).Append('=').Append(await HashAsync(source, ct)).Append('\n');
        return ReloadPlanner.Short(text.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var watch in watches?.Values ?? Enumerable.Empty<Informer<PartialObjectMetadata, string>>())
            await watch.DisposeAsync();
    }

    private async Task<string> HashAsync(MountedSource source, CancellationToken ct)
    {
        if (!watches![source.Kind].TryGet(source.Key, out var version))
        {
            // Named all the same: its coming is a change.
            contents[source] = ("", "");
            return "";
        }
        if (contents.TryGetValue(source, out var known) && known.Version == version)
            return known.Hash;
        var found = await client.Dynamic(source.Kind == CoreKinds.Secrets.Kind ? CoreKinds.Secrets : CoreKinds.ConfigMaps).GetAsync(source.Key, ct);
        var hash = found is null ? "" : Hash(found);
        contents[source] = (found?.Metadata.ResourceVersion ?? "", hash);
        return hash;
    }

    /// <summary>The hash ends up where more people may read than may read Secrets: without the uid nobody can try out what a short one is.</summary>
    private static string Hash(DynamicObject source)
    {
        var content = CanonicalValues.ToText(new JsonObject { ["data"] = source.At("data")?.DeepClone(), ["binaryData"] = source.At("binaryData")?.DeepClone() });
        var key = source.Kind == CoreKinds.Secrets.Kind ? source.Metadata.Uid ?? "" : "";
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(content)));
    }

    private async Task<bool> AreReadAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(LongestStart, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            foreach (var watch in watches!.Values)
                await watch.WaitForSyncAsync(both.Token);
            return true;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private Dictionary<string, Informer<PartialObjectMetadata, string>> Begin() => new()
    {
        [CoreKinds.ConfigMaps.Kind] = Watch(CoreKinds.ConfigMaps, null),
        [CoreKinds.Secrets.Kind] = Watch(CoreKinds.Secrets, "owner!=helm"),
    };

    private Informer<PartialObjectMetadata, string> Watch(ResourceKind kind, string? selector)
    {
        var informer = client.Metadata(kind).Informer(new InformerOptions<PartialObjectMetadata, string>
        {
            Project = static item => item.Metadata.ResourceVersion ?? "",
            LabelSelector = selector,
            Clock = clock,
            Jitter = jitter.Next,
        });
        informer.Subscribe(change =>
        {
            // Others of the cluster change all the time.
            if (contents.ContainsKey(new(kind.Kind, change.Key)))
                changed();
        });
        informer.Start();
        return informer;
    }
}
