using Fleet.Kubernetes.Configuration;

namespace Fleet.Kubernetes.Authentication;

/// <summary>Kubernetes replaces projected tokens well before they expire; a minute of caching is what client-go allows itself.</summary>
internal sealed class TokenFileCredential(string path, TimeProvider clock) : ClusterCredential
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private CredentialMaterial? cached;
    private DateTimeOffset readAt;

    public override ValueTask<CredentialMaterial> GetAsync(CancellationToken ct)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            if (cached is not null && now - readAt < Fresh)
                return new(cached);
            string token;
            try
            {
                // A few hundred bytes once a minute: not worth asynchronous file access.
                token = File.ReadAllText(path).Trim();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && cached is not null)
            {
                // The file is being replaced: the last token most likely still works, and a 401 will tell otherwise.
                return new(cached);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new KubeConfigException($"the token file {path} cannot be read: {e.Message}", e);
            }

            if (token.Length == 0)
                throw new KubeConfigException($"the token file {path} is empty");
            readAt = now;
            if (cached?.Authorization?.Parameter != token)
                cached = new() { Authorization = new("Bearer", token) };
            return new(cached);
        }
    }

    public override bool Invalidate(CredentialMaterial rejected)
    {
        lock (gate)
        {
            if (!ReferenceEquals(cached, rejected))
                return cached is not null;
            var before = cached.Authorization?.Parameter;
            readAt = default;
            return File.Exists(path) && File.ReadAllText(path).Trim() != before;
        }
    }
}
