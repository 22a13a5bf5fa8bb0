using Fleet.Oidc.SignIn;
using Fleet.Rest.Problems;

namespace Fleet.Rest.SignIn;

/// <summary>
/// Sign-ins under way: each is taken once. A reply that comes a second time finds nothing, whoever sends it, and to whichever replica.
/// </summary>
internal sealed class PendingSignIns(ISignInStore store)
{
    /// <summary>As many wait at once, of all replicas.</summary>
    public const int Most = 10_000;

    /// <returns>The key under which it can be taken, and without which it cannot be read.</returns>
    /// <exception cref="ProblemException">429 when too many wait; 503 when they cannot be kept now.</exception>
    public async Task<string> AddAsync<T>(SignInStep<T> step, T what, CancellationToken ct) where T : class
    {
        var key = Pkce.Secret();
        return await store.TryAddAsync(SealedSignIn.Seal(step, key, what), step.Lasts, ct) ? key : throw new ProblemException(ProblemKind.TooManyRequests, "too many people sign in just now") { RetryAfter = 60 };
    }

    /// <returns>Null for what is not there, is over, or was taken.</returns>
    /// <exception cref="ProblemException">503 when that cannot be told now; it is there still.</exception>
    public async Task<T?> TakeAsync<T>(SignInStep<T> step, string? key, CancellationToken ct) where T : class =>
        key is not null && await store.TakeAsync(SealedSignIn.IdOf(step, key), ct) is { } content ? SealedSignIn.Open(step, key, content) : null;
}
