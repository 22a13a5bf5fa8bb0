using Fleet.Kubernetes.Configuration;

namespace Fleet.Kubernetes.Authentication;

/// <summary>The credential of a kubeconfig file as the file says it by now: certificates are made anew before they end, and whoever runs for longer must go on.</summary>
internal sealed class FollowedCredential(string path, ClusterCredential first, Func<ClusterCredential> read, TimeProvider clock) : ClusterCredential
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private ClusterCredential current = first;
    private DateTime written = File.GetLastWriteTimeUtc(path);
    private DateTimeOffset lookedAt = clock.GetUtcNow();

    public override ValueTask<CredentialMaterial> GetAsync(CancellationToken ct)
    {
        ClusterCredential now;
        lock (gate)
        {
            if (clock.GetUtcNow() - lookedAt >= Fresh)
                Look();
            now = current;
        }
        return now.GetAsync(ct);
    }

    public override bool Invalidate(CredentialMaterial rejected)
    {
        lock (gate)
        {
            var before = current;
            // What was rejected may be of the file as it was before: then the present one is worth a try, too.
            return Look() || before.Invalidate(rejected);
        }
    }

    private bool Look()
    {
        lookedAt = clock.GetUtcNow();
        var changed = File.GetLastWriteTimeUtc(path);
        if (changed == written)
            return false;
        try
        {
            current = read();
        }
        catch (KubeConfigException)
        {
            // It is being replaced, or somebody made a mistake in it: the last one most likely still works, and the next look may find better.
            return false;
        }
        written = changed;
        return true;
    }
}
