using Fleet.Control;
using Fleet.Control.Kinds;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.ClusterManager.ReleaseCatalog;

internal static class ReleaseServices
{
    public static IServiceCollection AddReleaseCatalog(this IServiceCollection services) => services.AddController<ReleaseReconciler>(provider =>
    {
        var releases = provider.GetRequiredService<IKubernetesClient>().Resource(FleetKinds.Releases).Informer(
            new InformerOptions<Release, Release> { Project = static release => release, Clock = provider.GetRequiredService<TimeProvider>() });
        return new()
        {
            Name = "release",
            Triggers =
            [
                new InformerTrigger<Release, Release>(releases, Changes.Own),
                // Status, too: it says whether the template can be used.
                provider.Trigger(FleetKinds.ProviderTemplates, change => releases.State.HasSynced
                    ? releases.Items.Where(release => ReleaseConditionsFrom.Templates(release).Contains(change.Key.Name)).Select(release => release.Metadata.Key) : []),
            ],
        };
    });
}
