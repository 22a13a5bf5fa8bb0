using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Grains;

/// <summary>What one activation holds: its right to write, its parts, its timers.</summary>
internal sealed class GrainActivation(GrainId id, GrainOwnership ownership, TimeProvider clock, Action<GrainCall> post) : IGrainContext, IAsyncDisposable
{
    private readonly Dictionary<Type, object> parts = [];
    private readonly Dictionary<(string Controller, ObjectKey Key), ITimer> timers = [];

    public GrainId Id { get; } = id;

    public GrainOwnership Ownership { get; } = ownership;

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
