using System.Threading.Channels;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.History;

namespace Fleet.Observability.Events;

/// <summary>Events of a cluster as they come, from a list on. A writer who is slow stops the watch and loses nothing.</summary>
internal static class EventFeed
{
    public static ResourceKind Kind { get; } = new("", "v1", "Event", "events", Namespaced: true);

    /// <summary>Goes on until the watch or the writer fails, and throws what it failed by.</summary>
    /// <param name="version">Resource version of the list.</param>
    /// <param name="most">Events that are read ahead of the writer.</param>
    public static async Task FollowAsync(
        IKubernetesClient cluster, string? version, int most, Func<ChannelReader<EventRow>, CancellationToken, Task> write, CancellationToken ct)
    {
        var channel = Channel.CreateBounded<EventRow>(most);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reading = ReadAsync(cluster, version, channel.Writer, both.Token);
        var writing = write(channel.Reader, both.Token);
        // Whichever fails first ends the other: a watch without a writer would wait for ever, with events that nobody keeps.
        var first = await Task.WhenAny(reading, writing);
        await both.CancelAsync();
        await Task.WhenAll(reading, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private static async Task ReadAsync(IKubernetesClient cluster, string? version, ChannelWriter<EventRow> rows, CancellationToken ct)
    {
        while (true)
        {
            await foreach (var change in cluster.Dynamic(Kind).WatchAsync(new() { ResourceVersion = version }, ct))
            {
                version = change.ResourceVersion;
                if (change.Type is WatchEventType.Added or WatchEventType.Modified && EventRowFrom.Event(change.Object) is { } row)
                    await rows.WriteAsync(row, ct);
            }
        }
    }
}
