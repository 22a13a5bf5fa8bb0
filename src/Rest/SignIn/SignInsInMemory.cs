namespace Fleet.Rest.SignIn;

/// <summary>For a service of one process: they are gone when it ends.</summary>
internal sealed class SignInsInMemory(TimeProvider clock) : ISignInStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (byte[] Content, DateTimeOffset Until)> waiting = new(StringComparer.Ordinal);

    public Task<bool> TryAddAsync(SealedSignIn one, TimeSpan lasts, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            if (waiting.Count >= PendingSignIns.Most)
                foreach (var old in waiting.Where(other => other.Value.Until <= now).Select(other => other.Key).ToList())
                    waiting.Remove(old);
            return Task.FromResult(waiting.Count < PendingSignIns.Most && waiting.TryAdd(Convert.ToHexString(one.Id), (one.Content, now + lasts)));
        }
    }

    public Task<byte[]?> TakeAsync(byte[] id, CancellationToken ct)
    {
        lock (gate)
            return Task.FromResult(waiting.Remove(Convert.ToHexString(id), out var found) && found.Until > clock.GetUtcNow() ? found.Content : null);
    }
}
