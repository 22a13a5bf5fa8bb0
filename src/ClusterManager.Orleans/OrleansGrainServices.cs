using Fleet.ClusterManager.Orleans.Epochs;
using Fleet.ClusterManager.Orleans.Grains;
using Fleet.ClusterManager.Orleans.Tables;
using Fleet.Control.Grains;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Fleet.ClusterManager.Orleans;

/// <summary>Registration of Orleans as the host of grains.</summary>
public static class OrleansGrainServices
{
    internal const string Storage = "fleet";

    /// <summary>As long as under the default host, for the same reason.</summary>
    internal static readonly TimeSpan IdleAfter = LocalGrainHost.IdleAfter;

    private const string Invariant = "Npgsql";

    /// <summary>
    /// Makes this process a silo, and its grains those of Orleans. Before everything that has controllers: what is registered first starts first and
    /// stops last, and controllers need a silo that runs.
    /// </summary>
    public static IServiceCollection AddOrleansGrains(this IServiceCollection services, OrleansGrainOptions options)
    {
        services.AddHostedService(_ => new OrleansTables(options.Database));
        services.AddSingleton(options.Timing);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new GrainClock(provider.GetRequiredService<TimeProvider>()));
        services.AddOrleans(silo => Configure(silo, options, OrleansTables.ConnectionOf(options.Database)));
        services.AddSingleton<SiloStanding>();
        services.AddHostedService(provider => provider.GetRequiredService<SiloStanding>());
        services.Replace(ServiceDescriptor.Singleton<IGrainHost, OrleansGrainHost>());
        return services;
    }

    private static void Configure(ISiloBuilder silo, OrleansGrainOptions options, string database)
    {
        silo.Configure<ClusterOptions>(cluster =>
        {
            cluster.ClusterId = options.ClusterId;
            cluster.ServiceId = options.ClusterId;
        });
        silo.Configure<EndpointOptions>(endpoint =>
        {
            endpoint.AdvertisedIPAddress = options.Address.Address;
            endpoint.SiloPort = options.Address.Port;
            endpoint.SiloListeningEndpoint = options.Address;
            // Nobody calls from outside of the silos.
            endpoint.GatewayPort = 0;
        });
        silo.Configure<ClusterMembershipOptions>(membership => Tune(membership, options.Timing));
        silo.Configure<GrainCollectionOptions>(collection => collection.CollectionAge = IdleAfter);
        // A call that was cancelled has ended, as under the default host: otherwise its key could run twice at once.
        silo.Configure<SiloMessagingOptions>(messaging => messaging.WaitForCancellationAcknowledgement = true);
        silo.UseAdoNetClustering(clustering => (clustering.Invariant, clustering.ConnectionString) = (Invariant, database));
        silo.AddAdoNetGrainStorage(Storage, storage => (storage.Invariant, storage.ConnectionString) = (Invariant, database));
        silo.UseAdoNetReminderService(reminders => (reminders.Invariant, reminders.ConnectionString) = (Invariant, database));
    }

    private static void Tune(ClusterMembershipOptions membership, SiloTiming timing)
    {
        membership.ProbeTimeout = timing.ProbeTimeout;
        membership.NumMissedProbesLimit = SiloTiming.MissedProbes;
        // A handful of silos: each looks after all others, and two must agree where there are three.
        membership.NumVotesForDeathDeclaration = 2;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(10);
        membership.DefunctSiloExpiration = TimeSpan.FromDays(1);
    }
}
