using System.Globalization;
using Fleet.Helm.Errors;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Helm.Releases;

internal sealed class ReleaseRecords(TimeProvider time) : IReleaseRecords
{
    private static readonly ResourceKind Secrets = new("", "v1", "Secret", "secrets", Namespaced: true);

    public async Task RemoveAsync(ReleaseName release, int revision, ClusterAccess cluster, CancellationToken ct)
    {
        var key = new ObjectKey(release.Namespace, string.Create(CultureInfo.InvariantCulture, $"sh.helm.release.v1.{release.Name}.v{revision}"));
        using var client = cluster.Connect(time);
        try
        {
            await client.Dynamic(Secrets).DeleteAsync(key, DeleteOptions.Background, ct);
        }
        catch (KubeApiException e)
        {
            throw new HelmException(e.Code == 0 ? HelmErrorKind.ClusterUnreachable : HelmErrorKind.ReleaseFailed,
                $"The record of the interrupted install {release} cannot be removed: {e.Message}", e);
        }
    }
}
