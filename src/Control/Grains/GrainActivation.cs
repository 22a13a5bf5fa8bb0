using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Grains;

/// <summary>What one activation holds: its right to write, its parts, its timers.</summary>
internal sealed class GrainActivation(GrainId id, GrainOwnership ownership, TimeProvider clock, Action<GrainCall> post) : IGrainContext, IAsyncDisposable
{
    private readonly Dictionary<Type, object> parts = [];
    private readonly Dictionary<(string Controller, ObjectKey Key), ITimer> timers = [];

    public GrainId Id { get; } = id;

    public GrainOwnership Ownership { get; } = ownership;

    /// <summary>As the owner that the directory says we are, under its epoch.</summary>
    /// <exception cref="GrainElsewhereException">Another process owns the grain.</exception>
    public static async Task<GrainActivation> OwnAsync(GrainId id, IGrainDirectory directory, TimeProvider clock, Action<GrainCall> post, CancellationToken ct)
    {
        var epoch = await directory.TryOwnAsync(id, ct) ?? throw new GrainElsewhereException(id);
        return new(id, new GrainOwnership(id, epoch, directory), clock, post);
    }

    /// <summary>Ends it and gives the grain up.</summary>
    /// <param name="directory">The one that it is owned by.</param>
    /// <param name="partFailed">Told what a part threw that could not be closed.</param>
    public async Task EndAsync(IGrainDirectory directory, Action<Exception> partFailed)
    {
        try
        {
            await DisposeAsync();
        }
#pragma warning disable CA1031 // A part that cannot be closed must not keep the grain from being given up.
        catch (Exception e)
#pragma warning restore CA1031
        {
            partFailed(e);
        }
        await directory.ReleaseAsync(Id, Ownership.Epoch);
    }

    public T Part<T>(Func<T> make) where T : class
    {
        if (parts.TryGetValue(typeof(T), out var known))
            return (T)known;
        var made = make();
        parts[typeof(T)] = made;
        return made;
    }

    public void CallLater(GrainCall call, TimeSpan delay)
    {
        var slot = (call.Controller, call.Key);
        if (timers.Remove(slot, out var old))
            old.Dispose();
        timers[slot] = clock.CreateTimer(_ => post(call), null, delay, Timeout.InfiniteTimeSpan);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var timer in timers.Values)
            await timer.DisposeAsync();
        timers.Clear();
        foreach (var part in parts.Values)
        {
            if (part is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else if (part is IDisposable disposable)
                disposable.Dispose();
        }
        parts.Clear();
    }
}
