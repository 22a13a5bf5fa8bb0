using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Fleet.Observability.Alerts.Routing;
using Fleet.Observability.Alerts.Sources;

namespace Fleet.Observability.Alerts;

/// <summary>Rules, routes, receivers, silences and clusters, by watch.</summary>
internal sealed class AlertObjects(IKubernetesClient management, TimeProvider clock) : IHostedService, IAsyncDisposable
{
    public Informer<AlertRule, AlertRule> Rules { get; } = Whole(management, FleetKinds.AlertRules, clock);

    public Informer<AlertRoute, AlertRoute> Routes { get; } = Whole(management, FleetKinds.AlertRoutes, clock);

    public Informer<Receiver, Receiver> Receivers { get; } = Whole(management, FleetKinds.Receivers, clock);

    public Informer<Silence, Silence> Silences { get; } = Whole(management, FleetKinds.Silences, clock);

    public Informer<ClusterDeployment, AlertedCluster> Clusters { get; } = management.Resource(FleetKinds.ClusterDeployments).Informer(
        new InformerOptions<ClusterDeployment, AlertedCluster> { Project = AlertedCluster.Of, Clock = clock });

    /// <summary>Objects there reach all namespaces.</summary>
    public static bool IsSystem(string @namespace) => SystemNamespaces.Default.Names.Contains(@namespace);

    public IEnumerable<SilenceRow> SilenceRows => Silences.Items.Select(silence => SilenceRow.Of(silence, IsSystem));

    /// <summary>Routes that can be read; what is wrong with the others is told in their status.</summary>
    public IReadOnlyList<RouteTable> RouteTables => [.. Routes.Items.Select(route => TableOf(route, out _)).OfType<RouteTable>()];

    public static RouteTable? TableOf(AlertRoute route, out string? problem)
    {
        problem = null;
        try
        {
            return RouteTable.Of(route.Metadata.Key, IsSystem(route.Metadata.Key.Namespace), route.Spec);
        }
        catch (FormatException e)
        {
            problem = e.Message;
            return null;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Rules.Start();
        Routes.Start();
        Receivers.Start();
        Silences.Start();
        Clusters.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task WaitForSyncAsync(CancellationToken ct) =>
        Task.WhenAll(Rules.WaitForSyncAsync(ct), Routes.WaitForSyncAsync(ct), Receivers.WaitForSyncAsync(ct), Silences.WaitForSyncAsync(ct), Clusters.WaitForSyncAsync(ct));

    public async ValueTask DisposeAsync()
    {
        await Rules.DisposeAsync();
        await Routes.DisposeAsync();
        await Receivers.DisposeAsync();
        await Silences.DisposeAsync();
        await Clusters.DisposeAsync();
    }

    private static Informer<T, T> Whole<T>(IKubernetesClient management, ResourceType<T> type, TimeProvider clock) where T : class, IKubernetesObject =>
        management.Resource(type).Informer(new InformerOptions<T, T> { Project = static item => item, Clock = clock });
}
