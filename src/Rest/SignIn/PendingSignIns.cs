using System.Diagnostics.CodeAnalysis;
using Fleet.Oidc.SignIn;

namespace Fleet.Rest.SignIn;

/// <summary>
/// Sign-ins under way in this process: each is taken once. A reply that comes a second time finds nothing, whoever sends it.
/// </summary>
public sealed class PendingSignIns(TimeProvider clock)
{
    /// <summary>To find one's password and the second factor.</summary>
    public static readonly TimeSpan Begun = TimeSpan.FromMinutes(10);

    /// <summary>Until the page that the browser was sent to has fetched its token.</summary>
    public static readonly TimeSpan Done = TimeSpan.FromMinutes(1);

    private const int Most = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, (object What, DateTimeOffset Until)> waiting = new(StringComparer.Ordinal);

    /// <returns>The key under which it can be taken; null when too many wait.</returns>
    public string? Add(object what, TimeSpan lasts)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            if (waiting.Count >= Most)
                foreach (var old in waiting.Where(one => one.Value.Until <= now).Select(one => one.Key).ToList())
                    waiting.Remove(old);
            if (waiting.Count >= Most)
                return null;
            var key = Pkce.Secret();
            waiting[key] = (what, now + lasts);
            return key;
        }
    }

    public bool TryTake<T>(string? key, [NotNullWhen(true)] out T? what) where T : class
    {
        what = null;
        if (key is null)
            return false;
        lock (gate)
        {
            if (waiting.TryGetValue(key, out var found) && found.What is T wanted)
            {
                waiting.Remove(key);
                what = found.Until > clock.GetUtcNow() ? wanted : null;
            }
        }

        return what is not null;
    }
}

/// <param name="Browser">What the browser that began it has in a cookie: nobody else's browser can end it.</param>
/// <param name="Return">Path within the console.</param>
public sealed record BegunSignIn(string Browser, string Nonce, Pkce Pkce, string Return);
